'use strict';
// The page of files: what a caller with a token sees and may do. It knows only the public API. Uploads speak tus, and go on where they stopped, also after the page was closed.
(() => {
  const root = document.getElementById('files');
  const prefix = new URL(root.dataset.base, location.href).pathname;
  const list = root.querySelector('.list'), bar = root.querySelector('.bar'), jobs = root.querySelector('.uploads'), status = root.querySelector('[role=status]'), title = document.querySelector('h1');
  title.tabIndex = -1;
  const tokenKey = 'geowps-token', patience = 8;

  const make = (name, text, attributes = {}, ...children) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value); else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };
  const button = (text, act, label, key) => make('button', text, { type: 'button', onclick: act, ...(label ? { 'aria-label': label } : {}), ...(key ? { 'data-key': key } : {}) });
  // A name has its own direction of writing, whatever stands beside it.
  const name_ = text => make('bdi', text);
  const say = (text, isFine = false) => { status.textContent = text; status.className = isFine ? 'soft' : ''; };
  const token = () => sessionStorage.getItem(tokenKey);
  const inAddress = path => path.split('/').map(encodeURIComponent).join('/');
  const join = (folder, name) => folder ? `${folder}/${name}` : name;
  const folder = () => location.hash.length > 1 ? decodeURIComponent(location.hash.slice(1)).replace(/^\/|\/$/g, '') : location.hash ? '' : root.dataset.path;
  const size = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KiB` : bytes < 1073741824 ? `${(bytes / 1048576).toFixed(1)} MiB` : `${(bytes / 1073741824).toFixed(2)} GiB`;
  const base64 = text => btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join(''));

  const ask = async (method, path, { headers = {}, body } = {}) => {
    const answer = await fetch(prefix + path, { method, body, headers: { Accept: 'application/json', ...(token() ? { Authorization: `Bearer ${token()}` } : {}), ...headers } });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail || problem.title || `The server answers ${answer.status}.`), { status: answer.status });
  };
  const attempt = async act => { try { await act(); } catch (error) { say(error.message); } };

  // The list

  let shown = 0;
  const show = async (more) => {
    const mine = ++shown, path = folder();
    await attempt(async () => {
      const page = await (await ask('GET', more || `files/${path ? `${inAddress(path)}/` : ''}?f=json&limit=200`)).json();
      if (mine !== shown) return;
      const key = !more && list.contains(document.activeElement) ? document.activeElement.dataset.key || '' : null;
      if (!more) say('');
      title.replaceChildren(path ? name_(path.split('/').pop()) : 'Files');
      if (!more) list.replaceChildren(trail(path));
      const next = page.links.find(link => link.rel === 'next');
      list.append(page.entries.length || more ? table(page.entries) : make('p', 'Nothing is here, or nothing that you may see.'));
      if (next) {
        const button_ = button('More', () => { button_.remove(); const address = new URL(next.href); show(`${address.pathname}${address.search}`.slice(prefix.length)); });
        list.append(button_);
      }
      // Who works with the keyboard goes on where the page was changed, not at its beginning.
      if (more) list.querySelector('table:last-of-type a')?.focus();
      else if (key !== null) (list.querySelector(`[data-key="${CSS.escape(key)}"]`) || title).focus();
    });
  };
  const trail = path => {
    const nav = make('nav', '', { 'aria-label': 'Folder' }, make('a', 'Files', { href: '#/' }));
    path.split('/').filter(Boolean).forEach((name, i, names) => nav.append(' / ', make('a', '', { href: `#/${inAddress(names.slice(0, i + 1).join('/'))}` }, name_(name))));
    return nav;
  };
  const table = entries => make('table', '', { class: 'stack names' },
    make('thead', '', {}, make('tr', '', {}, ...['Name', 'Type', 'Size', 'Modified', 'Seen by', ''].map(head => make('th', head, { scope: 'col' })))),
    make('tbody', '', {}, ...entries.map(row)));
  const row = entry => make('tr', '', {},
    make('td', '', { dir: 'auto' }, entry.kind === 'folder' ? make('a', `${entry.name}/`, { href: `#/${inAddress(entry.path)}` }) : make('a', entry.name, { href: prefix + 'files/' + inAddress(entry.path), onclick: event => download(event, entry) })),
    make('td', entry.kind === 'folder' ? 'folder' : entry.type),
    make('td', entry.kind === 'folder' ? '' : size(entry.length)),
    make('td', entry.modified ? entry.modified.slice(0, 16).replace('T', ' ') : ''),
    make('td', entry.public ? 'everybody' : entry.owner || ''),
    make('td', '', { class: 'acts' },
      button(entry.public ? 'Make private' : 'Share', () => change(() => ask('PATCH', `files/${inAddress(entry.path)}`, { body: JSON.stringify({ public: !entry.public }), headers: { 'Content-Type': 'application/json' } })), `${entry.public ? 'Make private' : 'Share'}: ${entry.name}`, `share ${entry.path}`), ' ',
      button('Delete', () => confirm(entry.kind === 'folder' ? `Delete the folder ${entry.name} with all that is in it?` : `Delete ${entry.name}?`)
        && change(() => ask('DELETE', `files/${inAddress(entry.path)}${entry.kind === 'folder' ? '?recursive=true' : ''}`)), `Delete ${entry.name}`)));
  const change = act => attempt(async () => { await act(); await show(); });

  // A link carries no token: what is not public is fetched with it.
  const download = (event, entry) => {
    if (!token() || entry.public) return;
    event.preventDefault();
    attempt(async () => {
      say(`Fetching ${entry.name} …`, true);
      const address = URL.createObjectURL(await (await ask('GET', `files/${inAddress(entry.path)}`, { headers: { Accept: '*/*' } })).blob());
      make('a', '', { href: address, download: entry.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      say('');
    });
  };

  // Uploads

  const patch = (path, file, offset, line) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    line.request = request;
    request.open('PATCH', path);
    const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream', ...(token() ? { Authorization: `Bearer ${token()}` } : {}) };
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = event => line.tell(offset + event.loaded);
    request.onload = () => request.status === 204 ? resolve(Number(request.getResponseHeader('Upload-Offset'))) : reject(Object.assign(new Error(problemOf(request)), { status: request.status }));
    request.onerror = request.onabort = () => reject(new Error('The connection broke.'));
    request.send(file.slice(offset));
  });
  const problemOf = request => { try { return JSON.parse(request.responseText).detail; } catch { return `The server answers ${request.status}.`; } };
  const tus = (method, path, headers = {}) => ask(method, path, { headers: { 'Tus-Resumable': '1.0.0', ...headers } });
  const isFinal = status => status >= 400 && status < 500 && ![409, 423, 429].includes(status);
  const pathOf = address => new URL(address, location.href).pathname.slice(prefix.length);

  const begin = async (file, target, replaces) => {
    try {
      const answer = await tus('POST', 'uploads', { 'Upload-Length': file.size, 'Upload-Metadata': `filename ${base64(target)}${replaces ? ',overwrite' : ''}` });
      return pathOf(answer.headers.get('Location'));
    } catch (error) {
      if (error.status !== 409 || replaces || !confirm(`${error.message} Replace it?`)) throw Object.assign(error, { isFinal: true });
      return begin(file, target, true);
    }
  };
  const keyOf = (file, target) => `geowps-upload ${target} ${file.size} ${file.lastModified}`;
  const send = async (file, target, line) => {
    const key = keyOf(file, target);
    for (let tries = 0; ;) {
      try {
        let path = localStorage.getItem(key), offset = 0;
        if (path) {
          try { offset = Number((await tus('HEAD', path)).headers.get('Upload-Offset')); } catch (error) { if (!isFinal(error.status)) throw error; path = null; }
        }
        if (!path) {
          path = await begin(file, target, false);
          localStorage.setItem(key, path);
        }
        while (offset < file.size) {
          offset = await patch(prefix + path, file, offset, line);
          tries = 0;
        }
        localStorage.removeItem(key);
        return;
      } catch (error) {
        if (line.isStopped || error.isFinal || isFinal(error.status) || ++tries > patience) throw error;
        line.note(`${error.message} Trying again …`);
        await new Promise(resolve => setTimeout(resolve, Math.min(30000, 500 * 2 ** tries)));
        if (line.isStopped) throw error;
      }
    }
  };
  // What is still on the server of one that nobody wants any more.
  const discard = async (file, target) => {
    const path = localStorage.getItem(keyOf(file, target));
    localStorage.removeItem(keyOf(file, target));
    if (path) await tus('DELETE', path).catch(error => { if (!isFinal(error.status)) throw error; });
  };

  const sum = make('p', '', { class: 'soft sum', 'aria-live': 'polite' }), waiting = [];
  jobs.before(sum);
  let isSending = false, asked = 0, there = 0, broken = 0;
  const tally = () => { sum.textContent = asked > 1 ? `${there} of ${asked} files are there${broken ? `; ${broken} stopped` : ''}.` : ''; };

  // All are shown at once, and go up one after the other.
  const add = (file, target) => {
    const bar_ = make('progress', '', { max: Math.max(1, file.size), value: 0, 'aria-label': target }), note = make('span', 'waits', { class: 'soft' }), acts = make('span', '', { class: 'acts' });
    const line = {
      file, target,
      tell: bytes => { bar_.value = file.size ? bytes : 1; line.note(`${Math.floor(100 * bytes / Math.max(1, file.size))} %`); },
      note: text => { note.textContent = text; },
      offer: (...buttons) => {
        const had = acts.contains(document.activeElement);
        acts.replaceChildren(...buttons.flatMap(one => [one, ' ']));
        if (had) (acts.querySelector('button') || title).focus();
      },
      rest: why => {
        broken++;
        line.note(why);
        line.offer(button('Go on', () => { item.remove(); broken--; asked--; upload([[file, target]]); }, `Go on: ${target}`),
          button('Discard', () => attempt(async () => { await discard(file, target); item.remove(); broken--; asked--; tally(); }), `Discard ${target}`));
        tally();
      },
    };
    const item = make('li', '', {}, make('code', '', {}, name_(target)), ' ', bar_, ' ', note, ' ', acts);
    line.offer(button('Stop', () => {
      line.isStopped = true;
      const i = waiting.indexOf(line);
      if (i < 0) line.request?.abort(); else { waiting.splice(i, 1); line.rest('stopped'); }
    }, `Stop ${target}`));
    jobs.append(item);
    waiting.push(line);
    asked++;
  };
  const upload = async files => {
    if (!isSending && !waiting.length && !broken) asked = there = 0;
    files.forEach(([file, target]) => add(file, target));
    tally();
    if (isSending) return;
    isSending = true;
    for (let line; (line = waiting.shift());) {
      try {
        await send(line.file, line.target, line);
        there++;
        line.tell(line.file.size);
        line.note('is there');
        line.offer();
        tally();
        // Of many, the list shows what is there now and then.
        if (!waiting.length || there % 20 === 0) await show();
      } catch (error) {
        line.rest(line.isStopped ? 'stopped; choose the same file again to go on' : error.message);
      }
    }
    isSending = false;
  };
  const into = (files, folder) => upload(files.map(([file, name]) => [file, join(folder, name.normalize('NFC'))]));

  // What is dropped may be folders. They must be asked for before anything is waited for.
  const dropped = async transfer => {
    const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean), files = [...transfer.files];
    return entries.length ? (await Promise.all(entries.map(entry => walk(entry, '')))).flat() : files.map(file => [file, file.name]);
  };
  const walk = async (entry, above) => {
    const path = above + entry.name;
    if (entry.isFile) return [[await new Promise((resolve, reject) => entry.file(resolve, reject)), path]];
    const reader = entry.createReader(), found = [];
    for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;) {
      for (const one of some) found.push(...await walk(one, `${path}/`));
    }
    return found;
  };

  // What there is to do

  const chooser = make('input', '', { type: 'file', multiple: '', id: 'choose', onchange: () => { const files = [...chooser.files].map(file => [file, file.name]); chooser.value = ''; into(files, folder()); } });
  const place = make('div', '', { class: 'drop' }, make('label', 'Drop files here, or choose them: ', { for: 'choose' }), chooser);
  // Anywhere on the page: a browser opens what is dropped beside, and the page with its uploads is gone.
  const holdsFiles = event => event.dataTransfer?.types.includes('Files');
  const over = isOver => event => { if (holdsFiles(event)) { event.preventDefault(); place.classList.toggle('over', isOver); } };
  ['dragenter', 'dragover'].forEach(name => addEventListener(name, over(true)));
  addEventListener('dragleave', event => { if (!event.relatedTarget) place.classList.remove('over'); });
  addEventListener('drop', event => {
    if (!holdsFiles(event)) return;
    over(false)(event);
    const here = folder();
    attempt(async () => into(await dropped(event.dataTransfer), here));
  });
  const makeFolder = button('New folder', () => { const name = prompt('Name of the folder'); if (name) change(() => ask('PUT', `files/${inAddress(join(folder(), name))}/`)); });
  const sign = () => {
    if (token()) {
      return make('p', 'Signed in with a token, until this tab is closed. ', {}, button('Sign out', () => { sessionStorage.removeItem(tokenKey); start(); }));
    }
    const field = make('input', '', { type: 'password', id: 'token', autocomplete: 'off', placeholder: 'gwp_…' });
    return make('form', '', { onsubmit: event => { event.preventDefault(); sessionStorage.setItem(tokenKey, field.value.trim()); start(); } }, make('label', 'Token', { for: 'token' }), field, make('button', 'Sign in'));
  };
  const start = () => { bar.replaceChildren(sign(), place, make('p', '', {}, makeFolder)); return show(); };
  addEventListener('hashchange', () => show());
  start();
})();
