import './zodWithoutEval';
import { mount } from 'svelte';
import '@fontsource-variable/inter/wght.css';
import './style/index.css';
import App from './App.svelte';
import { openLink } from './link/open';
import { appearance } from './state/appearance.svelte';

await appearance.ready;
document.getElementById('waiting')?.remove();
mount(App, { target: document.body, props: { link: openLink() } });
