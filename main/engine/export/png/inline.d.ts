/** Vite: a file's bytes inside the bundle, as a `data:` address. */
declare module '*?inline' {
  const address: string;
  export default address;
}
