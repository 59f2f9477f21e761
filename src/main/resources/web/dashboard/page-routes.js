import {h} from './dom.js';

export default function page() {
  return {title: 'routes', load: async () => {}, news: () => false, view: () => h('h1', null, 'routes')};
}
