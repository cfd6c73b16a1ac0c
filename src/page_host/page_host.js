/**
 * The page host: shows the ipywidgets of a built page without a kernel, as plain HTML controls.
 *
 * A notebook stores the state of its widgets and where they are displayed; MyST-NB writes both
 * into the page. This script reads them, joins the models as `jslink` asked, draws each control
 * as a labelled native input, and runs anywidget modules on a model with the same methods that
 * they find in JupyterLab. It starts nothing but what the page holds: no kernel, no network.
 *
 * Module texts that several pages share stand in files of their own, which call
 * `pageHost.texts[hash] = "..."`; a state then says `page-host:<hash>` in place of the text.
 */
(() => {
  "use strict";

  const MIME = "application/vnd.jupyter.widget-";
  const REFERENCE = "IPY_MODEL_";
  const TEXT = "page-host:";
  const REMEMBER_AFTER = 250; // ms; browsers refuse more than a few changes of address a second
  const texts = (window.pageHost ??= { texts: {} }).texts;

  // ---- Small tools

  /** Equal, arrays by their values: what stops two linked models from chasing each other. */
  const same = (a, b) => Object.is(a, b)
    || (Array.isArray(a) && Array.isArray(b) && a.length === b.length
      && a.every((value, i) => same(value, b[i])));

  /** An element with properties (not attributes) and children. */
  const create = (tag, properties, ...children) => {
    const el = Object.assign(document.createElement(tag), properties);
    el.append(...children);
    return el;
  };

  let count = 0;
  const newId = () => `page-host-${++count}`;

  // ---- Models and links

  /** The model of one widget, with the methods of anywidget's front-end contract. */
  class Model {
    #state;
    #listeners = [];

    /** @param {string} kind the model's class in ipywidgets, `FloatSliderModel` for one */
    constructor(kind, state, manager) {
      this.kind = kind;
      this.#state = state;
      this.widget_manager = manager;
    }

    get(key) { return this.#state[key]; }

    keys() { return Object.keys(this.#state).filter((key) => !key.startsWith("_")); }

    set(key, value) {
      const changes = Object.entries(typeof key === "object" ? key : { [key]: value })
        .filter(([name, now]) => !same(this.#state[name], now));
      Object.assign(this.#state, Object.fromEntries(changes));
      for (const [name, now] of changes) this.emit(`change:${name}`, now);
      if (changes.length) this.emit("change");
    }

    on(names, callback, owner) {
      for (const name of names.split(" ")) this.#listeners.push({ name, callback, owner });
    }

    off(names, callback, owner) {
      this.#listeners = this.#listeners.filter((l) => (names && !names.split(" ").includes(l.name))
        || (callback && l.callback !== callback) || (owner && l.owner !== owner));
    }

    emit(name, ...details) {
      for (const l of this.#listeners.filter((each) => each.name === name)) {
        l.callback(this, ...details);
      }
    }

    save_changes() {} // there is no kernel to save to

    send() {}

    /** The same model for one anywidget view, whose `off()` takes off its own listeners only. */
    lent(owner) {
      const { widget_manager } = this;
      return {
        widget_manager,
        get: (key) => this.get(key),
        set: (key, value) => this.set(key, value),
        on: (names, callback) => this.on(names, callback, owner),
        off: (names, callback) => this.off(names, callback, owner),
        save_changes() {},
        send() {},
      };
    }
  }

  /** @returns {Map<string, Model>} the page's models by reference, linked */
  const readModels = () => {
    const models = new Map();
    const manager = { get_model: async (id) => models.get(REFERENCE + id) };
    for (const script of document.querySelectorAll(`script[type="${MIME}state+json"]`)) {
      for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state)) {
        for (const { path, data } of entry.buffers ?? []) {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const holder = path.slice(0, -1).reduce((value, key) => value[key], entry.state);
          holder[path.at(-1)] = new DataView(bytes.buffer);
        }
        models.set(REFERENCE + id, new Model(entry.model_name, entry.state, manager));
      }
    }
    for (const model of models.values()) {
      if (/^(Directional)?LinkModel$/.test(model.kind)) link(model, models);
    }
    return models;
  };

  /** Joins two traits; a control that drives an anywidget's trait takes that trait's name. */
  const link = (model, models) => {
    const [[source, from], [target, to]] = ["source", "target"].map((end) => {
      const [reference, trait] = model.get(end);
      return [models.get(reference), trait];
    });
    if (!source || !target) return;
    const push = () => target.set(to, source.get(from));
    const pull = () => source.set(from, target.get(to));
    source.on(`change:${from}`, push);
    if (target.kind === "AnyModel") source.name ??= to;
    if (model.kind === "LinkModel") {
      target.on(`change:${to}`, pull);
      if (source.kind === "AnyModel") target.name ??= from;
    }
    push();
  };

  // ---- Values: read from what a reader types or a link says, and written back

  /** Up to four significant digits, more where the author's readout_format asks for more. */
  const format = (value, spec) => {
    if (typeof value !== "number" || Number.isInteger(value)) return String(value);
    const [, digits, type] = /\.(\d+)([fg])/.exec(spec) ?? [];
    return String(Number(type === "f" && digits > 2 ? value.toFixed(digits)
      : value.toPrecision(Math.max(4, type === "g" ? digits : 0))));
  };

  /**
   * How the value of a kind of control is read and written.
   * @typedef {{trait: string, read: (text: string) => any, allowed: () => string,
   *   exact: (value: any) => string, shown: (value: any) => string}} Values
   * `read` gives undefined for what the control does not allow; `allowed` says what it does.
   */

  /** @returns {Values} */
  const numbers = (model) => {
    const whole = model.kind.includes("Int");
    const limit = (key) => (model.kind === "FloatLogSliderModel"
      ? model.get("base") ** model.get(key) : model.get(key));
    const shown = (value) => format(value, model.get("readout_format"));
    return {
      trait: "value",
      shown,
      exact: String,
      read(text) {
        const plain = text.trim().replace("−", "-").replace(",", ".");
        const value = plain === "" ? NaN : Number(plain);
        const [lowest, highest] = [limit("min"), limit("max")];
        // A limit may be typed as it is shown, with four digits.
        const fits = Number.isFinite(value) && (!whole || Number.isInteger(value))
          && !(value < Math.min(lowest, shown(lowest)))
          && !(value > Math.max(highest, shown(highest)));
        return fits ? value : undefined;
      },
      allowed: () => `a ${whole ? "whole " : ""}number`
        + (limit("min") == null ? "" : ` from ${shown(limit("min"))} to ${shown(limit("max"))}`),
    };
  };

  /** @returns {Values} */
  const choices = (model) => {
    const labels = () => model.get("_options_labels");
    const written = (index) => labels()[index] ?? "";
    return {
      trait: "index",
      shown: written,
      exact: written,
      read(text) {
        const wanted = text.trim();
        const index = labels().findIndex((label) => label === wanted
          || (wanted !== "" && Number(label) === Number(wanted)));
        return index < 0 ? undefined : index;
      },
      allowed: () => `one of ${labels().join(", ")}`,
    };
  };

  /** @returns {Values} */
  const flags = () => ({
    trait: "value", exact: String, read: (text) => ({ true: true, false: false })[text],
  });

  /** @returns {Values} */
  const words = () => ({ trait: "value", shown: String, exact: String, read: String });

  // ---- Controls: each takes (model, el, signal) and fills el

  const label = (model) => model.get("description") || model.get("tooltip")
    || (model.name ?? model.kind.replace("Model", "")).replaceAll("_", " ");

  /** A visible label, where there is something to say. */
  const caption = (model, htmlFor) => {
    const text = create(htmlFor ? "label" : "span", { className: "page-host-label" });
    if (htmlFor) text.htmlFor = htmlFor;
    return text;
  };

  /** Calls `show` now and after each change of the model. */
  const follow = (model, show) => {
    model.on("change", show);
    show();
  };

  /** A text box in which an exact value is typed, and the place of its message. */
  const typed = (model, values, properties) => {
    const message = create("p", { className: "page-host-message", id: newId(), role: "alert" });
    const box = create("input", { type: "text", autocomplete: "off", ...properties });
    box.setAttribute("aria-describedby", message.id);
    const show = () => {
      box.value = values.shown(model.get(values.trait));
      box.title = values.exact(model.get(values.trait));
      box.disabled = model.get("disabled");
    };
    box.addEventListener("change", () => {
      const value = values.read(box.value);
      message.textContent = value !== undefined ? ""
        : `${label(model)}: “${box.value}” is not allowed. Type ${values.allowed()}.`;
      if (value !== undefined) model.set(values.trait, value);
      show();
    });
    follow(model, () => {
      message.textContent = "";
      show();
    });
    return [box, message];
  };

  const slider = (model, el) => {
    const values = VALUES[model.kind](model);
    const { trait } = values;
    const base = model.kind === "FloatLogSliderModel" && model.get("base");
    const ends = () => (trait === "index" ? [0, model.get("_options_labels").length - 1]
      : [model.get("min"), model.get("max")]);
    const range = create("input", { type: "range", id: newId(), name: model.name ?? "" });
    const text = caption(model, range.id);
    const move = (position) => model.set(trait, base ? base ** position : position);

    range.addEventListener(model.get("continuous_update") === false ? "change" : "input",
      () => move(range.valueAsNumber));
    range.addEventListener("keydown", (event) => {
      const [low, high] = ends();
      if (event.key === "Home") move(low);
      else if (event.key === "End") move(high);
      else if (/^Page(Up|Down)$/.test(event.key)) {
        range.stepUp(event.key === "PageUp" ? 10 : -10);
        move(range.valueAsNumber);
      } else return;
      event.preventDefault();
    });

    el.append(text, range);
    if (model.get("readout") !== false) {
      el.append(...typed(model, values, {
        className: "page-host-number", ariaLabel: `${label(model)}, exact value`,
        inputMode: ends()[0] < 0 && !base ? "text" : "decimal",
      }));
    }
    follow(model, () => {
      const value = model.get(trait);
      const [low, high] = ends();
      const position = base ? Math.log(value) / Math.log(base) : value;
      Object.assign(range, {
        min: low, max: high, step: trait === "index" ? 1 : model.get("step") || "any",
        value: position, disabled: model.get("disabled"), ariaValueText: values.shown(value),
        ariaLabel: model.get("description") ? null : label(model),
      });
      range.style.setProperty("--page-host-fill",
        Math.min(1, Math.max(0, (position - low) / (high - low || 1))));
      text.textContent = model.get("description");
    });
  };

  const textField = (model, el) => {
    const values = VALUES[model.kind](model);
    const [box, message] = typed(model, values, {
      className: values.allowed ? "page-host-number" : "page-host-words", id: newId(),
      name: model.name ?? "",
    });
    const text = caption(model, box.id);
    if (!values.allowed && model.get("continuous_update")) {
      box.addEventListener("input", () => model.set("value", box.value));
    }
    el.append(text, box, message);
    follow(model, () => {
      text.textContent = model.get("description");
      box.ariaLabel = model.get("description") ? null : label(model);
    });
  };

  const dropdown = (model, el) => {
    const select = create("select", { id: newId(), name: model.name ?? "" });
    const text = caption(model, select.id);
    select.addEventListener("change", () => model.set("index", select.selectedIndex));
    el.append(text, select);
    let labels;
    follow(model, () => {
      if (!same(labels, model.get("_options_labels"))) {
        labels = model.get("_options_labels");
        select.replaceChildren(...labels.map((each) => new Option(each)));
      }
      select.selectedIndex = model.get("index") ?? -1;
      select.disabled = model.get("disabled");
      text.textContent = model.get("description");
      select.ariaLabel = model.get("description") ? null : label(model);
    });
  };

  /** Radio buttons, and toggle buttons, which are radio buttons that look like buttons. */
  const radios = (model, el) => {
    const text = caption(model);
    const name = model.name ?? newId();
    const inputs = model.get("_options_labels").map((each, i) => {
      const input = create("input", { type: "radio", name, value: each });
      input.addEventListener("change", () => model.set("index", i));
      return input;
    });
    el.role = "radiogroup";
    el.append(text, create("div", { className: "page-host-options" }, ...inputs.map((input) =>
      create("label", {}, input, create("span", { textContent: input.value })))));
    follow(model, () => {
      inputs.forEach((input, i) => {
        input.checked = i === model.get("index");
        input.disabled = model.get("disabled");
      });
      text.textContent = model.get("description");
      el.ariaLabel = label(model);
    });
  };

  const checkbox = (model, el) => {
    const box = create("input", { type: "checkbox", name: model.name ?? "" });
    const text = caption(model);
    box.addEventListener("change", () => model.set("value", box.checked));
    el.append(create("label", {}, box, text));
    follow(model, () => {
      box.checked = model.get("value");
      box.disabled = model.get("disabled");
      text.textContent = model.get("description");
      box.ariaLabel = model.get("description") ? null : label(model);
    });
  };

  const pushButton = (act) => create("button", { type: "button", onclick: act });

  /** Button and ToggleButton; a click on a Button is `msg:custom` on its model, as in a kernel. */
  const button = (model, el) => {
    const toggles = model.kind === "ToggleButtonModel";
    const it = pushButton(() => (toggles ? model.set("value", !model.get("value"))
      : model.emit("msg:custom", { event: "click" })));
    if (model.name) it.name = model.name;
    el.append(it);
    follow(model, () => {
      if (toggles) it.ariaPressed = String(model.get("value"));
      it.disabled = model.get("disabled");
      it.textContent = label(model);
    });
  };

  const play = (model, el, signal) => {
    let timer;
    const tick = () => {
      const next = model.get("value") + model.get("step");
      if (next > model.get("max") && !model.get("repeat")) return model.set("playing", false);
      model.set("value", next > model.get("max") ? model.get("min") : next);
      timer = setTimeout(tick, model.get("interval"));
    };
    const run = () => {
      clearTimeout(timer);
      if (model.get("playing")) timer = setTimeout(tick, model.get("interval"));
    };
    const toggle = pushButton(() => {
      const playing = !model.get("playing");
      if (playing && model.get("value") >= model.get("max")) model.set("value", model.get("min"));
      model.set("playing", playing);
    });
    const stop = pushButton(() => model.set({ playing: false, value: model.get("min") }));
    const repeat = pushButton(() => model.set("repeat", !model.get("repeat")));
    Object.assign(stop, { className: "page-host-stop", ariaLabel: "Stop and rewind" });
    Object.assign(repeat, { className: "page-host-repeat", ariaLabel: "Repeat" });
    el.role = "group";
    el.append(toggle, stop, ...(model.get("show_repeat") ? [repeat] : []));
    follow(model, () => {
      el.ariaLabel = label(model);
      toggle.className = model.get("playing") ? "page-host-pause" : "page-host-start";
      toggle.ariaLabel = model.get("playing") ? "Pause" : "Play";
      repeat.ariaPressed = String(model.get("repeat"));
      for (const each of [toggle, stop, repeat]) each.disabled = model.get("disabled");
    });
    model.on("change:playing", run);
    signal.addEventListener("abort", () => clearTimeout(timer));
    run();
  };

  const prose = (model, el) => {
    const text = caption(model);
    const value = create("div", { className: "page-host-value" });
    el.append(text, value);
    follow(model, () => {
      text.textContent = model.get("description");
      value[model.kind === "LabelModel" ? "textContent" : "innerHTML"] = model.get("value");
    });
  };

  const box = (model, el, signal) => Promise.all(
    model.get("children").map((child) => view(child, el, signal)));

  // ---- anywidget

  const resolve = (text) => (text?.startsWith(TEXT) ? texts[text.slice(TEXT.length)] : text);
  const modules = new Map();
  const sheets = new Set();

  /** Imports a module from its text, once for each distinct text. */
  const load = (text) => {
    if (!modules.has(text)) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(text);
  };

  const anywidget = async (model, el, signal) => {
    const css = resolve(model.get("_css"));
    if (css && !sheets.has(css)) {
      sheets.add(css);
      document.head.append(create("style", { textContent: css }));
    }
    /** Runs a clean-up when the view ends, at once if it has ended already. */
    const atEnd = (clean) => {
      if (typeof clean !== "function") return;
      if (signal.aborted) clean();
      else signal.addEventListener("abort", clean);
    };
    const { default: widget } = await load(resolve(model.get("_esm")));
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

  const CONTROLS = {
    AnyModel: anywidget,
    FloatSliderModel: slider, IntSliderModel: slider, FloatLogSliderModel: slider,
    SelectionSliderModel: slider,
    DropdownModel: dropdown, RadioButtonsModel: radios, ToggleButtonsModel: radios,
    CheckboxModel: checkbox, ToggleButtonModel: button, ButtonModel: button, PlayModel: play,
    FloatTextModel: textField, BoundedFloatTextModel: textField, IntTextModel: textField,
    BoundedIntTextModel: textField, TextModel: textField,
    LabelModel: prose, HTMLModel: prose, HTMLMathModel: prose,
    BoxModel: box, HBoxModel: box, VBoxModel: box, GridBoxModel: box,
  };

  const VALUES = {
    FloatSliderModel: numbers, IntSliderModel: numbers, FloatLogSliderModel: numbers,
    FloatTextModel: numbers, BoundedFloatTextModel: numbers, IntTextModel: numbers,
    BoundedIntTextModel: numbers, TextModel: words, SelectionSliderModel: choices,
    DropdownModel: choices, RadioButtonsModel: choices, ToggleButtonsModel: choices,
    CheckboxModel: flags, ToggleButtonModel: flags,
  };

  let models;

  /** Shows the referenced model as a new last child of `parent`. */
  const view = async (reference, parent, signal) => {
    const model = models.get(reference);
    const fill = CONTROLS[model?.kind];
    if (!fill) throw new Error(`page host: cannot show ${model?.kind ?? reference}`);
    const kind = model.kind.replace("Model", "").replace(/Box$/, "box")
      .replace(/\B(?=[A-Z][a-z])/g, "-").toLowerCase();
    const family = fill === slider ? "page-host-slider" : fill === textField ? "page-host-field"
      : fill === prose ? "page-host-prose" : fill === box ? "page-host-box" : "";
    const el = create("div", { className: `page-host-${kind} ${family}`.trim() });
    if (fill !== box && fill !== anywidget) el.classList.add("page-host-control");
    el.classList.add(...model.get("_dom_classes") ?? []);
    if (model.get("tooltip")) el.title = model.get("tooltip");
    const layout = models.get(model.get("layout"));
    if (layout) {
      follow(layout, () => {
        for (const key of layout.keys()) {
          el.style.setProperty(key.replaceAll("_", "-"), layout.get(key) ?? "");
        }
      });
    }
    parent.append(el);
    await fill(model, el, signal);
  };

  /** Replaces the picture of one output by its live view, or says that it could not. */
  const mount = async (root) => {
    const live = create("form", { className: "page-host-live", autocomplete: "off" });
    live.addEventListener("submit", (event) => event.preventDefault());
    root.container.append(live);
    try {
      await view(root.reference, live, root.ending.signal);
      root.container.classList.add("page-host-ready");
    } catch (error) {
      console.error(error);
      root.ending.abort();
      live.replaceWith(create("p", {
        className: "page-host-message", role: "status",
        textContent: root.container.querySelector("img")
          ? "The interactive figure could not start; this is its picture."
          : "This interactive figure could not start.",
      }));
    }
  };

  // ---- The state in the address: #<key>?learning_rate=0.3&start=-5

  /** The named controls at and below a model, with the values their author gave them. */
  const named = (model) => [
    ...(model.name && VALUES[model.kind] ? [VALUES[model.kind](model)].map((values) => (
      { model, values, author: model.get(values.trait) })) : []),
    ...(model.get("children") ?? []).flatMap((child) => named(models.get(child))),
  ];

  const address = () => {
    const [key, query] = location.hash.slice(1).split(/\?(.*)/s);
    return { key: new URLSearchParams(`key=${key}`).get("key"), query: new URLSearchParams(query) };
  };

  /** Sets the controls of one root as a link says, and those it does not name to the author's. */
  const restore = (root, query) => {
    for (const { model, values, author } of root.controls) {
      const text = query.get(model.name);
      const value = text === null ? undefined : values.read(text);
      model.set(values.trait, value === undefined ? author : value);
    }
  };

  const remember = (root) => {
    const changed = new Map(root.controls
      .map(({ model, values, author }) => [model.name, model.get(values.trait), values, author])
      .filter(([, value, , author]) => !same(value, author))
      .map(([name, value, values]) => [name, encodeURIComponent(values.exact(value))]));
    const query = [...changed].map((pair) => pair.join("=")).join("&");
    if (!query && address().key !== root.key) return;
    history.replaceState(history.state, "", location.href.split("#")[0]
      + (query && `#${encodeURIComponent(root.key)}?${query}`));
  };

  // ---- Start

  const findRoots = () => {
    const keys = new Map();
    return [...document.querySelectorAll(`script[type="${MIME}view+json"]`)].map((script) => {
      const reference = REFERENCE + JSON.parse(script.textContent).model_id;
      const model = models.get(reference);
      let container = script.closest(".page-host");
      if (!container) {
        container = create("div", { className: "page-host" });
        script.replaceWith(container);
      }
      const key = model?.get("_dom_classes")?.at(-1);
      keys.set(key, (keys.get(key) ?? 0) + 1);
      return {
        container, reference, controls: model ? named(model) : [],
        key: key && keys.get(key) > 1 ? `${key}-${keys.get(key)}` : key,
        ending: new AbortController(),
      };
    });
  };

  const start = async () => {
    models = readModels();
    const roots = findRoots();
    const opened = () => roots.find((root) => root.key && root.key === address().key);
    const show = () => opened()?.container.scrollIntoView();
    let restoring = false;
    const follow = () => {
      const root = opened();
      restoring = true;
      if (root) restore(root, address().query);
      restoring = false;
    };

    follow();
    await Promise.all(roots.map(mount));
    show();
    for (const root of roots.filter((each) => each.key)) {
      let timer;
      for (const { model, values } of root.controls) {
        model.on(`change:${values.trait}`, () => {
          clearTimeout(timer);
          if (!restoring) timer = setTimeout(remember, REMEMBER_AFTER, root);
        });
      }
    }
    addEventListener("hashchange", () => {
      follow();
      show();
    });
    addEventListener("pagehide", (event) => {
      if (!event.persisted) roots.forEach((root) => root.ending.abort());
    });
  };

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
