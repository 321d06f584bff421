// How does a description of the page become the page, without disturbing what a person is doing in it?
//
// `h()` describes a node; `patch()` changes the existing nodes until they match the description. Nodes are matched by
// key, or by their place among their siblings, so that focus, caret, scrolling and selections survive every update.
// Everything goes through createElement, setAttribute and text nodes: data can never become markup.

/**
 * @typedef {object} VNode
 * @property {string} tag
 * @property {Record<string, any>} props
 * @property {any[]} children
 */

const SVG = "http://www.w3.org/2000/svg";
const AS_PROPERTY = new Set(["value", "checked", "disabled", "srcdoc"]);
const OWN = new Set(["key", "mount", "update", "unmount"]);

/** Work that waits until the nodes are in the document: focus, measuring, scrolling. */
let afterwards = [];

/**
 * Describe an element. `mount`, `update` and `unmount` in the props are called with the element; `key` names it among
 * its siblings; `on…` are handlers; `style` is an object.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...any} children
 * @returns {VNode}
 */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children };
}

/** Make `root`'s children match `children`. */
export function patch(root, children) {
  patchChildren(root, children, false);
  const todo = afterwards;
  afterwards = [];
  for (const work of todo) work();
}

/** Children as a flat list of [slot, vnode or string]; an empty place keeps its slot, so that its siblings keep theirs. */
function slots(children, prefix, into) {
  children.forEach((child, index) => {
    if (child === null || child === undefined || child === false || child === true) return;
    const slot = `${prefix}${index}`;
    if (Array.isArray(child)) slots(child, `${slot}.`, into);
    else if (typeof child === "object")
      into.push([child.props.key !== undefined ? `=${child.props.key}` : slot, child]);
    else into.push([slot, String(child)]);
  });
  return into;
}

function patchChildren(parent, children, svg) {
  const before = parent.kids ?? new Map();
  const after = new Map();
  for (const [slot, vnode] of slots(children, "", [])) {
    const name = after.has(slot) ? `${slot}~${after.size}` : slot;
    const known = before.get(name);
    const same = known && (typeof vnode === "string" ? known.nodeType === 3 : known.vnode?.tag === vnode.tag);
    after.set(name, [same ? known : null, vnode]);
    if (same) before.delete(name);
  }
  for (const node of before.values()) discard(node);
  const kept = new Map();
  let cursor = parent.firstChild;
  for (const [name, [known, vnode]] of after) {
    const node = known ?? create(vnode, svg);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    kept.set(name, node);
    if (typeof vnode === "string") {
      if (node.data !== vnode) node.data = vnode;
    } else {
      refresh(node, vnode, svg);
    }
  }
  parent.kids = kept;
}

function create(vnode, svg) {
  if (typeof vnode === "string") return document.createTextNode(vnode);
  const node =
    svg || vnode.tag === "svg" ? document.createElementNS(SVG, vnode.tag) : document.createElement(vnode.tag);
  const { mount } = vnode.props;
  if (mount) afterwards.push(() => mount(node));
  return node;
}

function refresh(node, vnode, svg) {
  const old = node.vnode?.props ?? {};
  node.vnode = vnode;
  patchChildren(node, vnode.children, svg || vnode.tag === "svg");
  for (const name of Object.keys(old)) if (!(name in vnode.props)) setProp(node, name, undefined, old[name]);
  for (const [name, value] of Object.entries(vnode.props)) setProp(node, name, value, old[name]);
  const { update } = vnode.props;
  if (update) afterwards.push(() => update(node));
}

function setProp(node, name, value, old) {
  if (OWN.has(name)) return;
  if (name.startsWith("on")) {
    node[name] = value ?? null;
  } else if (name === "style") {
    for (const key of Object.keys(old ?? {})) if (!(key in (value ?? {}))) node.style.removeProperty(key);
    for (const [key, each] of Object.entries(value ?? {})) node.style.setProperty(key, each);
  } else if (AS_PROPERTY.has(name)) {
    const wanted = value ?? (name === "value" || name === "srcdoc" ? "" : false);
    if (node[name] !== wanted) node[name] = wanted;
  } else if (value === old) {
    return;
  } else if (value === undefined || value === null || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? (name.startsWith("aria-") ? "true" : "") : String(value));
  }
}

function discard(node) {
  forget(node);
  node.remove();
}

function forget(node) {
  node.vnode?.props.unmount?.(node);
  for (const kid of node.kids?.values() ?? []) forget(kid);
}
