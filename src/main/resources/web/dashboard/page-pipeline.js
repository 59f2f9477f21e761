import {h} from './dom.js';

export default function page() {
  return {title: 'pipeline', load: async () => {}, news: () => false, view: () => h('h1', null, 'pipeline')};
}
