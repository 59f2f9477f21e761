import {h} from './dom.js';

export default function page() {
  return {title: 'peers', load: async () => {}, news: () => false, view: () => h('h1', null, 'peers')};
}
