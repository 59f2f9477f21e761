// Asks before something is done that costs money or cannot be taken back. The browser's own modal dialog keeps the focus and closes by Esc.

import {h} from './dom.js';

let number = 0;

/*
 * ask({title, lines, consequence, verb, isDanger, field: {label, hint, required}, act}); resolves to what act gave, or undefined when
 * the person thought better of it. What act throws is shown, and the dialog stays.
 */
export function ask({title, lines = [], consequence, verb, isDanger, field, act}) {
  return new Promise(resolve => {
    const id = `dialog-${++number}`;
    const error = h('p.error', {role: 'alert'});
    const input = field ? h('input', {name: 'field', autocomplete: 'off', maxlength: '200', required: field.required}) : null;
    const go = h('button.button.primary', {type: 'submit', class: isDanger ? 'danger' : ''}, verb);
    const back = h('button.button', {type: 'button', value: 'cancel'}, 'Go back');
    let result;
    const form = h('form', {method: 'dialog'},
        h('h2', {id}, title),
        lines.map(line => line instanceof Node ? line : h('p', null, line)),
        consequence ? h('p.notice', {class: isDanger ? 'bad' : 'warn'}, consequence) : null,
        field ? h('label.field', null, h('span', null, field.label), input, field.hint ? h('span.hint', null, field.hint) : null) : null,
        error,
        h('div.buttons', null, back, go));
    const dialog = h('dialog', {'aria-labelledby': id}, form);
    back.onclick = () => dialog.close();
    form.onsubmit = async event => {
      event.preventDefault();
      go.disabled = true;
      error.textContent = '';
      try {
        result = (await act(input ? input.value.trim() : null)) ?? true;
        dialog.close();
      } catch (e) {
        error.textContent = e.message;
        go.disabled = false;
      }
    };
    dialog.onclose = () => { dialog.remove(); resolve(result); };
    document.body.append(dialog);
    dialog.showModal();
    (input || back).focus();
  });
}
