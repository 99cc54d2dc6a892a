/** Vite: the text of a file, inside the bundle. */
declare module '*?raw' {
  const text: string;
  export default text;
}
