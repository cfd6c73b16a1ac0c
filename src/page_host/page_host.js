/**
 * The page host: shows the ipywidgets of a built page without a kernel, as plain HTML controls.
 *
 * MyST-NB writes the state of a notebook's widgets, and where they are displayed, into the page.
 * This script joins the models as `jslink` asked, draws each control as a labelled native input,
 * and runs anywidget modules on models with the methods that they find in JupyterLab.
 *
 * Module texts that pages share stand in files of their own, `pageHost.texts[hash] = "..."`;
 * a state then says `page-host:<hash>` in place of the text. This is a classic script, so that
 * it runs from disk, and deferred, so that the page is there.
 */
(() => {
  "use strict";

  const MIME = "application/vnd.jupyter.widget-";
  const REFERENCE = "IPY_MODEL_";
  // In ms; browsers refuse more than a few changes of the address a second.
  const REMEMBER_AFTER = 250;
  const { texts } = (window.pageHost ??= { texts: {} });

  /** Equal, arrays by value: what keeps two linked models from chasing each other. */
  const same = (a, b) => Object.is(a, b) || (Array.isArray(a) && Array.isArray(b)
    && a.length === b.length && a.every((value, i) => same(value, b[i])));

  /** An element with properties (not attributes) and children. */
  const create = (tag, properties, ...children) => {
    const el = Object.assign(document.createElement(tag), properties);
    el.append(...children);
    return el;
  };

  let count = 0;
  const newId = () => `page-host-${++count}`;

  // ---- Models and links

  /** One widget's model, with the methods of anywidget's front-end contract. */
  class Model {
    listeners = new Set();

    /** @param {string} kind its class in ipywidgets without "Model": `FloatSlider` */
    constructor(kind, state, widget_manager) {
      Object.assign(this, { kind, state, widget_manager });
    }

    get(key) { return this.state[key]; }

    set(key, value) {
      const changes = Object.entries(typeof key === "object" ? key : { [key]: value })
        .filter(([name, now]) => !same(this.state[name], now));
      Object.assign(this.state, Object.fromEntries(changes));
      for (const [name, now] of changes) this.emit(`change:${name}`, now);
      if (changes.length) this.emit("change");
    }

    on(names, callback, owner) {
      for (const name of names.split(" ")) this.listeners.add({ name, callback, owner });
    }

    off(names, callback, owner) {
      for (const each of this.listeners) {
        if ((!names || names.split(" ").includes(each.name))
          && (!callback || callback === each.callback) && (!owner || owner === each.owner)) {
          this.listeners.delete(each);
        }
      }
    }

    emit(name, ...details) {
      for (const each of [...this.listeners]) {
        if (each.name === name) each.callback(this, ...details);
      }
    }

    // There is no kernel to save to.
    save_changes() {}

    send() {}

    /** The same model for one anywidget view: its `off()` takes off its own listeners only. */
    lent(owner) {
      return Object.assign(Object.create(this), {
        on: (names, callback) => this.on(names, callback, owner),
        off: (names, callback) => this.off(names, callback, owner),
      });
    }
  }

  /** @type {Map<string, Model>} the page's models by reference */
  const models = new Map();

  const readModels = () => {
    const manager = { get_model: async (id) => models.get(REFERENCE + id) };
    for (const script of document.querySelectorAll(`script[type="${MIME}state+json"]`)) {
      for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state)) {
        const { model_name, state, buffers = [] } = entry;
        for (const { path, data } of buffers) {
          const { buffer } = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          path.slice(0, -1).reduce((value, key) => value[key], state)[path.at(-1)]
            = new DataView(buffer);
        }
        models.set(REFERENCE + id, new Model(model_name.replace(/Model$/, ""), state, manager));
      }
    }
    for (const model of models.values()) if (model.kind.endsWith("Link")) join(model);
  };

  /** Joins two traits as `jslink` and `jsdlink` do. */
  const join = (link) => {
    const [[source, from], [target, to]] = ["source", "target"].map((end) => {
      const [reference, trait] = link.get(end);
      return [models.get(reference), trait];
    });
    if (!source || !target) return;
    const push = () => target.set(to, source.get(from));
    source.on(`change:${from}`, push);
    nameAfter(source, from, target, to);
    if (link.kind === "Link") {
      target.on(`change:${to}`, () => source.set(from, target.get(to)));
      nameAfter(target, to, source, from);
    }
    push();
  };

  /** A control that drives a trait of an anywidget takes that trait's name. */
  const nameAfter = (control, trait, widget, name) => {
    const { values } = KINDS[control.kind] ?? {};
    if (widget.kind === "Any" && values?.(control).trait === trait) control.name ??= name;
  };

  // ---- Values: what a reader types or a link says, and back

  /**
   * @typedef {{trait: string, read: (text: string) => any, allowed: () => string,
   *   exact: (value: any) => string, shown: (value: any) => string}} Values
   * `read` gives undefined for what the control does not allow; `allowed` says what it does.
   */

  /** Up to four significant digits, more where the author's readout_format asks for more. */
  const format = (value, spec) => {
    if (Number.isInteger(value)) return String(value);
    const [, digits, type] = /\.(\d+)([fg])/.exec(spec) ?? [];
    const whole = type === "f" && digits > 2 ? String(Math.trunc(Math.abs(value))).length : 0;
    return String(Number(value.toPrecision(
      Math.max(4, type === "g" || whole ? Number(digits) + whole : 0))));
  };

  /** @returns {Values} */
  const numbers = (model) => {
    const whole = model.kind.includes("Int");
    const limits = () => ["min", "max"].map((key) => (
      model.get("base") ? model.get("base") ** model.get(key) : model.get(key)));
    const shown = (value) => format(value, model.get("readout_format"));
    return {
      trait: "value",
      shown,
      exact: String,
      read(text) {
        const value = Number(text.trim().replace("−", "-") || NaN);
        const [low, high] = limits();
        const isOne = whole ? Number.isInteger(value) : Number.isFinite(value);
        // A limit may be typed as it is shown, with four digits.
        const fits = low == null
          || (value >= Math.min(low, shown(low)) && value <= Math.max(high, shown(high)));
        return isOne && fits ? value : undefined;
      },
      allowed: () => `a ${whole ? "whole " : ""}number`
        + (limits()[0] == null ? "" : ` from ${limits().map(shown).join(" to ")}`),
    };
  };

  /** @returns {Values} */
  const choices = (model) => {
    const labels = () => model.get("_options_labels");
    const shown = (index) => labels()[index] ?? "";
    return {
      trait: "index",
      shown,
      exact: shown,
      read(text) {
        const wanted = text.trim();
        const index = labels().findIndex((label) => label === wanted
          || (wanted && Number(label) === Number(wanted)));
        return index < 0 ? undefined : index;
      },
      allowed: () => `one of ${labels().join(", ")}`,
    };
  };

  /** @returns {Values} */
  const words = () => ({ trait: "value", shown: String, exact: String, read: String });

  /** @returns {Values} */
  const flags = () => ({ ...words(), read: (text) => ({ true: true, false: false })[text] });

  // ---- Controls: each takes (model, el, signal) and fills el

  const nameOf = (model) => model.get("description") || model.get("tooltip")
    || (model.name ?? model.kind).replaceAll("_", " ");

  /** Calls `show` now and after each change of the model. */
  const follow = (model, show, names = "change") => {
    model.on(names, show);
    show();
  };

  /** The visible caption, of an input where there is just one. */
  const caption = (model, input) => {
    const text = create(input ? "label" : "span", { className: "page-host-caption" });
    if (input) text.htmlFor = input.id = newId();
    if (input && model.name) input.name = model.name;
    follow(model, () => {
      text.textContent = model.get("description");
      if (!input) return;
      input.ariaLabel = model.get("description") ? null : nameOf(model);
      input.disabled = model.get("disabled");
    }, "change:description change:disabled");
    return text;
  };

  /** A text box in which an exact value is typed, and the place of its message. */
  const typed = (model, values, properties) => {
    const message = create("p", { className: "page-host-message", id: newId(), role: "alert" });
    const box = create("input", { type: "text", autocomplete: "off", ...properties });
    box.setAttribute("aria-describedby", message.id);
    const show = (text) => {
      const value = model.get(values.trait);
      message.textContent = text;
      Object.assign(box, { value: values.shown(value), title: values.exact(value) });
      box.disabled = model.get("disabled");
    };
    box.addEventListener("change", () => {
      const value = values.read(box.value);
      if (value !== undefined) model.set(values.trait, value);
      show(value !== undefined ? ""
        : `${nameOf(model)}: “${box.value}” is not allowed. Type ${values.allowed()}.`);
    });
    follow(model, () => show(""));
    return [box, message];
  };

  const slider = (model, el) => {
    const values = KINDS[model.kind].values(model);
    const base = model.get("base");
    const ends = () => (values.trait === "index" ? [0, model.get("_options_labels").length - 1]
      : [model.get("min"), model.get("max")]);
    const range = create("input", { type: "range" });
    const move = (position) => {
      const [, max] = ends();
      const at = position > max - 0.99 * range.step ? max : position; // a last step may be short
      model.set(values.trait, base ? Number((base ** at).toPrecision(12)) : at);
    };
    const live = model.get("continuous_update") !== false;
    range.addEventListener(live ? "input" : "change", () => move(range.valueAsNumber));
    // The browser knows the arrow keys.
    range.addEventListener("keydown", (event) => {
      const steps = { Home: -1e9, End: 1e9, PageDown: -10, PageUp: 10 }[event.key];
      if (!steps) return;
      event.preventDefault();
      range.stepUp(steps);
      move(range.valueAsNumber);
    });
    el.append(caption(model, range), range);
    if (model.get("readout") !== false) {
      el.append(...typed(model, values, {
        className: "page-host-number", ariaLabel: `${nameOf(model)}, exact value`,
        inputMode: ends()[0] < 0 && !base ? "text" : "decimal",
      }));
    }
    follow(model, () => {
      const [min, max] = ends();
      Object.assign(range, { min, max, step: model.get("step") ?? 1 });
    }, "change:min change:max change:step change:_options_labels");
    follow(model, () => {
      const value = model.get(values.trait);
      const [low, high] = ends();
      const position = base ? Math.log(value) / Math.log(base) : value;
      Object.assign(range, { value: position, ariaValueText: values.shown(value) });
      range.style.setProperty("--page-host-fill",
        Math.min(1, Math.max(0, (position - low) / (high - low || 1))));
    });
  };

  const field = (model, el) => {
    const values = KINDS[model.kind].values(model);
    const [box, message] = typed(model, values, {
      className: values.allowed ? "page-host-number" : "page-host-words",
    });
    if (!values.allowed && model.get("continuous_update")) {
      box.addEventListener("input", () => model.set("value", box.value));
    }
    el.append(caption(model, box), box, message);
  };

  const dropdown = (model, el) => {
    const select = create("select");
    select.addEventListener("change", () => model.set("index", select.selectedIndex));
    el.append(caption(model, select), select);
    let labels;
    follow(model, () => {
      if (!same(labels, model.get("_options_labels"))) {
        labels = model.get("_options_labels");
        select.replaceChildren(...labels.map((label) => new Option(label)));
      }
      select.selectedIndex = model.get("index") ?? -1;
    });
  };

  /** Radio buttons, and toggle buttons, which are radio buttons that look like buttons. */
  const radios = (model, el) => {
    const name = model.name ?? newId();
    const inputs = model.get("_options_labels").map((value, i) => {
      const input = create("input", { type: "radio", name, value });
      input.addEventListener("change", () => model.set("index", i));
      return input;
    });
    const options = inputs.map((input) => (
      create("label", {}, input, create("span", { textContent: input.value }))));
    el.append(caption(model), create("div", { className: "page-host-options" }, ...options));
    Object.assign(el, { role: "radiogroup", ariaLabel: nameOf(model) });
    follow(model, () => inputs.forEach((input, i) => {
      input.checked = i === model.get("index");
      input.disabled = model.get("disabled");
    }));
  };

  const checkbox = (model, el) => {
    const box = create("input", { type: "checkbox" });
    box.addEventListener("change", () => model.set("value", box.checked));
    el.append(box, caption(model, box));
    follow(model, () => { box.checked = model.get("value"); });
  };

  const push = (act) => create("button", { type: "button", onclick: act });

  /** Button and ToggleButton; a click on a Button is a `msg:custom` of its model. */
  const button = (model, el) => {
    const toggles = model.kind === "ToggleButton";
    const it = push(() => (toggles ? model.set("value", !model.get("value"))
      : model.emit("msg:custom", { event: "click" })));
    if (model.name) it.name = model.name;
    el.append(it);
    follow(model, () => {
      if (toggles) it.ariaPressed = String(model.get("value"));
      it.disabled = model.get("disabled");
      it.textContent = nameOf(model);
    });
  };

  const play = (model, el, signal) => {
    let timer;
    const wait = () => {
      clearTimeout(timer);
      if (model.get("playing")) timer = setTimeout(tick, model.get("interval"));
    };
    const tick = () => {
      const next = model.get("value") + model.get("step");
      const over = next > model.get("max");
      if (over && !model.get("repeat")) return model.set("playing", false);
      model.set("value", over ? model.get("min") : next);
      wait();
    };
    const toggle = push(() => {
      if (!model.get("playing") && model.get("value") >= model.get("max")) stop.click();
      model.set("playing", !model.get("playing"));
    });
    const stop = push(() => model.set({ playing: false, value: model.get("min") }));
    const repeat = push(() => model.set("repeat", !model.get("repeat")));
    Object.assign(stop, { className: "page-host-stop", ariaLabel: "Stop and rewind" });
    Object.assign(repeat, { className: "page-host-repeat", ariaLabel: "Repeat" });
    el.append(caption(model), toggle, stop, ...(model.get("show_repeat") ? [repeat] : []));
    Object.assign(el, { role: "group", ariaLabel: nameOf(model) });
    follow(model, () => {
      toggle.className = model.get("playing") ? "page-host-pause" : "page-host-start";
      toggle.ariaLabel = model.get("playing") ? "Pause" : "Play";
      repeat.ariaPressed = String(model.get("repeat"));
      for (const each of [toggle, stop, repeat]) each.disabled = model.get("disabled");
    });
    model.on("change:playing", wait);
    signal.addEventListener("abort", () => clearTimeout(timer));
    wait();
  };

  const prose = (model, el) => {
    const value = create("div");
    el.append(caption(model), value);
    follow(model, () => {
      value[model.kind === "Label" ? "textContent" : "innerHTML"] = model.get("value");
    });
  };

  const box = (model, el, signal) => Promise.all(
    model.get("children").map((child) => view(child, el, signal)));

  // ---- anywidget

  const resolve = (text) => text?.replace(/^page-host:(.*)/, (_, key) => texts[key]);

  /** What has been made of each distinct text, so that it is made once. */
  const made = new Map();
  const once = (text, make) => (made.has(text) ? made : made.set(text, make(text))).get(text);

  const importText = (text) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    return import(url).finally(() => URL.revokeObjectURL(url));
  };

  const style = (text) => document.head.append(create("style", { textContent: text }));

  const anywidget = async (model, el, signal) => {
    if (model.get("_css")) once(resolve(model.get("_css")), style);
    /** Runs a clean-up when the view ends, at once if it has ended already. */
    const atEnd = (clean) => {
      if (typeof clean !== "function") return;
      if (signal.aborted) clean();
      else signal.addEventListener("abort", clean);
    };
    const { default: widget } = await once(resolve(model.get("_esm")), importText);
    model.widget ??= (async () => {
      const parts = typeof widget === "function" ? await widget() : widget;
      atEnd(await parts.initialize?.({ model: model.lent(model), signal }));
      return parts;
    })();
    const { render } = await model.widget;
    if (signal.aborted) return;
    atEnd(await render?.({ model: model.lent(el), el, signal }));
    atEnd(() => model.off(null, null, el));
  };

  // ---- Views

  /** What draws each kind, the class of its look, and how its value is read and written. */
  const KINDS = Object.fromEntries([
    ["Any", anywidget, "anywidget"],
    ["FloatSlider IntSlider FloatLogSlider", slider, "slider", numbers],
    ["SelectionSlider", slider, "slider", choices],
    ["FloatText BoundedFloatText IntText BoundedIntText", field, "field", numbers],
    ["Text", field, "field", words],
    ["Dropdown", dropdown, "select", choices],
    ["RadioButtons ToggleButtons", radios, "radios", choices],
    ["Checkbox", checkbox, "check", flags],
    ["ToggleButton", button, "push", flags],
    ["Button", button, "push"],
    ["Play", play, "player"],
    ["Label HTML HTMLMath", prose, "prose"],
    ["Box HBox VBox GridBox", box, "box"],
  ].flatMap(([kinds, fill, look, values]) => (
    kinds.split(" ").map((kind) => [kind, { fill, look, values }]))));

  /** Shows the referenced model as a new last child of `parent`. */
  const view = async (reference, parent, signal) => {
    const model = models.get(reference);
    const { fill, look } = KINDS[model?.kind] ?? {};
    if (!fill) throw new Error(`page host: cannot show ${model?.kind ?? reference}`);
    const kind = model.kind.replace(/Box$/, "box").replace(/\B(?=[A-Z][a-z])/g, "-").toLowerCase();
    const el = create("div", { className: `page-host-${look} page-host-${kind}` });
    el.classList.add(...model.get("_dom_classes") ?? []);
    if (model.get("tooltip")) el.title = model.get("tooltip");
    const layout = models.get(model.get("layout"));
    const place = () => {
      for (const [key, value] of Object.entries(layout.state)) {
        if (key[0] !== "_") el.style.setProperty(key.replaceAll("_", "-"), value);
      }
    };
    if (layout) follow(layout, place);
    parent.append(el);
    await fill(model, el, signal);
  };

  /** Replaces the picture of one output by its live view, or says that it could not. */
  const mount = async ({ container, reference, ending }) => {
    const live = create("form", { className: "page-host-live", autocomplete: "off" });
    live.addEventListener("submit", (event) => event.preventDefault());
    container.append(live);
    try {
      await view(reference, live, ending.signal);
      container.classList.add("page-host-ready");
    } catch (error) {
      console.error(error);
      ending.abort();
      live.replaceWith(create("p", {
        className: "page-host-message", role: "status",
        textContent: `The interactive figure could not start${
          container.querySelector("img") ? "; this is its picture" : ""}.`,
      }));
    }
  };

  // ---- The state in the address: #<key>?learning_rate=0.3&start=-5

  /** The named controls at and below a model, with the values their author gave them. */
  const named = (model) => {
    const values = KINDS[model?.kind]?.values?.(model);
    const own = model?.name && values ? [{ model, values, author: model.get(values.trait) }] : [];
    return own.concat((model?.get("children") ?? []).flatMap((each) => named(models.get(each))));
  };

  const address = () => {
    const [key, query] = location.hash.slice(1).split(/\?(.*)/s);
    return { key, query: new URLSearchParams(query) };
  };

  /** Sets a root's controls as a link says, and those that it does not name to the author's. */
  const restore = ({ controls }, query) => {
    for (const { model, values, author } of controls) {
      const text = query.get(model.name);
      model.set(values.trait, (text === null ? undefined : values.read(text)) ?? author);
    }
  };

  const remember = ({ controls, key }) => {
    const query = new Map(controls
      .filter(({ model, values, author }) => !same(model.get(values.trait), author))
      .map(({ model, values }) => [model.name,
        encodeURIComponent(values.exact(model.get(values.trait)))]));
    if (!query.size && address().key !== key) return;
    const state = [...query].map((pair) => pair.join("=")).join("&");
    history.replaceState(history.state, "", location.href.split("#")[0]
      + (state && `#${key}?${state}`));
  };

  // ---- Start

  const findRoots = () => {
    const seen = {};
    return [...document.querySelectorAll(`script[type="${MIME}view+json"]`)].map((script) => {
      const reference = REFERENCE + JSON.parse(script.textContent).model_id;
      const model = models.get(reference);
      const container = script.closest(".page-host") ?? create("div", { className: "page-host" });
      if (!container.contains(script)) script.replaceWith(container);
      let key = model?.get("_dom_classes")?.at(-1);
      seen[key] = (seen[key] ?? 0) + 1;
      key &&= encodeURI(seen[key] > 1 ? `${key}-${seen[key]}` : key);
      return { container, reference, key, controls: named(model), ending: new AbortController() };
    });
  };

  readModels();
  const roots = findRoots();
  const opened = () => roots.find(({ key }) => key && key === address().key);
  const open = () => opened() && restore(opened(), address().query);
  const show = () => {
    const { container } = opened() ?? {};
    if (!container?.matches(".page-host-ready")) return;
    container.closest("details")?.toggleAttribute("open", true);
    container.scrollIntoView();
  };

  open();
  for (const root of roots) {
    let timer;
    for (const { model, values } of root.key ? root.controls : []) {
      model.on(`change:${values.trait}`, () => {
        clearTimeout(timer);
        // What a module changes while it starts is not the reader's.
        const started = root.container.matches(".page-host-ready");
        if (started) timer = setTimeout(remember, REMEMBER_AFTER, root);
      });
    }
    mount(root).then(show);
  }
  addEventListener("hashchange", () => {
    open();
    show();
  });
  addEventListener("pagehide", ({ persisted }) => {
    if (!persisted) for (const { ending } of roots) ending.abort();
  });
})();
