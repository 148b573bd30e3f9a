"use strict";
// All series of the run: a heat map, or a line each where there are few; the worst first.
(() => {
  const page = window.inframetrics;
  const format = page.format;
  const FEW = 50; // series up to which each has a line of its own
  const SEARCH_FROM = 6; // fewer can be read at a glance
  const TABLE_PAGE = 100;
  const SHADES = 48;
  const SEVERITIES = ["info", "warning", "critical"];
  const SIGNS = {critical: "◆", warning: "▲", info: "●"};
  const STEPS = [300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000];

  const byId = (id) => document.getElementById(id);

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) {
      element.className = className;
    }
    if (text !== undefined) {
      element.textContent = text;
    }
    return element;
  }

  // The series --------------------------------------------------------------------------------

  function dimensionsOf(chart) {
    return Object.entries(chart.dimensions || {}).map(([key, value]) => key + "=" + value).join(" ");
  }

  /** Every series once, with the worst of its findings; the worst series first. */
  function allSeries() {
    const findings = new Map();
    for (const finding of page.findings()) {
      const known = findings.get(finding.series_id);
      if (known) {
        known.push(finding);
      } else {
        findings.set(finding.series_id, [finding]);
      }
    }
    const seen = new Set();
    const series = [];
    for (const {series_id: id} of page.charts()) {
      if (!seen.has(id)) {
        seen.add(id);
        series.push(oneSeries(page.chartOf(id, false), findings.get(id) || []));
      }
    }
    return series.sort((a, b) => b.severity - a.severity || b.urgency - a.urgency || (a.id < b.id ? -1 : 1));
  }

  function oneSeries(chart, findings) {
    const dimensions = dimensionsOf(chart);
    const name = chart.instance_id + (dimensions ? " " + dimensions : "");
    return {
      chart,
      findings: findings.slice().sort((a, b) => rank(a) - rank(b)),
      id: chart.series_id,
      type: chart.metric_type,
      name,
      dimensions,
      text: [name, chart.metric_type, chart.region, chart.series_id].join(" ").toLowerCase(),
      severity: findings.reduce((worst, one) => Math.max(worst, rank(one)), 0),
      end: chart.from + (slots(chart) - 1) * chart.step,
      ...numbersOf(chart),
    };
  }

  const severityOf = (finding) => String(finding.severity).toLowerCase();
  const rank = (finding) => SEVERITIES.indexOf(severityOf(finding)) + 1;
  const worstOf = (one) => SEVERITIES[one.severity - 1] || "";
  const slots = (chart) => Math.floor((chart.tops.replace(/=+$/, "").length * 3) / 8);

  /** Scaled numbers of all slots, 0 in a gap, without making values of them. */
  function scaled(text) {
    const bytes = atob(text);
    const result = new Uint16Array(bytes.length >> 1);
    for (let i = 0; i < result.length; i++) {
      result[i] = (bytes.charCodeAt(2 * i) << 8) | bytes.charCodeAt(2 * i + 1);
    }
    return result;
  }

  const valueOf = (chart, number) => chart.low + ((number - 1) / 65534) * (chart.high - chart.low);

  /**
   * The newest, lowest and highest value, and how near the newest is to the limit, or how far from
   * what the series usually has. The ends of a chart's scale may be those of its usual values.
   */
  function numbersOf(chart) {
    let sum = 0;
    let squares = 0;
    let count = 0;
    let last = 0;
    let most = 0;
    let least = Infinity;
    for (const number of scaled(chart.tops)) {
      if (number > 0) {
        sum += number;
        squares += number * number;
        count++;
        last = number;
        most = Math.max(most, number);
        least = Math.min(least, number);
      }
    }
    for (const number of chart.bottoms ? scaled(chart.bottoms) : []) {
      least = number > 0 ? Math.min(least, number) : least;
    }
    const value = count ? valueOf(chart, last) : null;
    const limit = (chart.limits || []).reduce((most, one) => Math.max(most, one.value), 0);
    const deviation = count ? Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0)) : 0;
    const unusual = deviation > 0 ? Math.abs(last - sum / count) / deviation / 8 : 0;
    return {
      newest: value,
      low: count ? valueOf(chart, least) : null,
      high: count ? valueOf(chart, most) : null,
      urgency: limit > 0 && count ? value / limit : unusual,
    };
  }

  /** From which value to which the colors of a type go. One outlier must not make all others pale. */
  function scaleOf(series) {
    const unit = series[0].chart.unit;
    if (unit === "Percent" && series.every((one) => one.low >= 0 && one.high <= 100)) {
      return {low: 0, high: 100, open: false, unit};
    }
    const highs = series.map((one) => one.high).sort((a, b) => a - b);
    const low = series.reduce((least, one) => Math.min(least, one.low), Infinity);
    const high = highs[Math.ceil(highs.length * 0.98) - 1];
    const from = low >= 0 ? 0 : low;
    return {low: from, high: high > from ? high : from + 1, open: high < highs[highs.length - 1], unit};
  }

  // Colors ------------------------------------------------------------------------------------

  let colors = null;

  function palette() {
    if (colors) {
      return colors;
    }
    const style = getComputedStyle(byId("fleet"));
    const read = (name) => style.getPropertyValue(name).trim();
    const stops = [0, 1, 2, 3, 4].map((i) => read("--heat-" + i).match(/[0-9a-f]{2}/gi).map((hex) => Number.parseInt(hex, 16)));
    const shades = [];
    for (let i = 0; i < SHADES; i++) {
      const at = (i / (SHADES - 1)) * (stops.length - 1);
      const from = Math.min(Math.floor(at), stops.length - 2);
      const mixed = stops[from].map((channel, k) => Math.round(channel + (stops[from + 1][k] - channel) * (at - from)));
      shades.push("rgb(" + mixed.join(",") + ")");
    }
    colors = {shades, gap: read("--heat-gap"), surface: read("--surface"), line: read("--line"), marks: {}};
    for (const severity of SEVERITIES) {
      colors.marks[severity] = read("--" + severity);
    }
    return colors;
  }

  // The view ----------------------------------------------------------------------------------

  function fleet() {
    const status = byId("fleet-status");
    if (!status) {
      return;
    }
    // What people read first must not wait for thousands of series.
    requestAnimationFrame(() => setTimeout(() => start(status)));
  }

  function start(status) {
    const series = allSeries();
    if (!series.length) {
      status.textContent = "This run left no series to show.";
      return;
    }
    byId("fleet-view").hidden = false;
    const types = [...new Set(series.map((one) => one.type))].sort();
    const scales = new Map(types.map((type) => [type, scaleOf(series.filter((one) => one.type === type))]));
    const view = {
      series,
      types,
      scales,
      status,
      few: series.length <= FEW,
      list: byId("fleet-list"),
      rows: byId("fleet-rows"),
      canvas: byId("fleet-canvas"),
      detail: byId("fleet-detail"),
      read: byId("fleet-read"),
      shown: series,
      at: 0,
      open: null,
      made: new Map(), // row number -> {element, plot}
    };
    view.list.classList.toggle("fleet-lines", view.few);
    filters(view);
    keyboard(view);
    pointer(view);
    table(view);
    links(view);
    new ResizeObserver(() => relayout(view)).observe(view.list);
    const recolor = () => {
      colors = null;
      legend(view);
      relayout(view);
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
    addEventListener("beforeprint", recolor);
    addEventListener("afterprint", recolor);
    view.list.addEventListener("scroll", () => soon(view), {passive: true});
    filter(view);
  }

  function filters(view) {
    const form = byId("fleet-filter");
    form.hidden = view.series.length < SEARCH_FROM;
    view.form = form;
    for (const type of view.types) {
      const option = make("option", "", type);
      option.value = type;
      form.elements.type.append(option);
    }
    form.elements.type.parentElement.hidden = view.types.length < 2;
    form.elements.findings.parentElement.hidden = !view.series.some((one) => one.severity);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => filter(view));
  }

  function filter(view) {
    const {text, type, findings} = view.form.elements;
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    view.shown = view.series.filter((one) =>
      (!type.value || one.type === type.value) &&
      (!findings.checked || one.severity) &&
      words.every((word) => one.text.includes(word)));
    const all = format.plural(view.series.length, "series").replace(/seriess$/, "series");
    const bad = view.shown.filter((one) => one.severity).length;
    view.status.textContent = (view.shown.length === view.series.length ? all : view.shown.length + " of " + all) +
      (bad ? ", " + bad + " with findings" : "") + ", the worst first";
    view.at = Math.max(view.shown.indexOf(view.open), 0);
    view.list.hidden = !view.shown.length;
    view.list.scrollTop = 0;
    if (view.shown.length) {
      view.from = view.shown.reduce((least, one) => Math.min(least, one.chart.from), Infinity);
      view.to = view.shown.reduce((most, one) => Math.max(most, one.end + one.chart.step), -Infinity);
      const step = view.shown[0].chart.step;
      if (view.to - view.from <= step) {
        // The only point is in the middle.
        view.from -= 2 * step;
        view.to += 2 * step;
      }
    }
    legend(view);
    relayout(view);
    view.fillTable();
  }

  function legend(view) {
    const place = byId("fleet-legend");
    place.replaceChildren();
    if (view.few) {
      return;
    }
    const bar = make("canvas", "fleet-scale");
    bar.width = SHADES;
    bar.height = 1;
    bar.setAttribute("aria-hidden", "true");
    const ctx = bar.getContext("2d");
    palette().shades.forEach((shade, i) => {
      ctx.fillStyle = shade;
      ctx.fillRect(i, 0, 1, 1);
    });
    const shown = view.form.elements.type.value ? [view.form.elements.type.value] : view.types;
    const one = shown.length === 1 ? view.scales.get(shown[0]) : null;
    const range = ({low, high, open, unit}) => [format.value(low, unit), format.value(high, unit) + (open ? " or more" : "")];
    const [from, to] = one ? range(one) : ["low", "high for its type"];
    place.append(make("span", "", from), bar, make("span", "", to));
    const key = (className, text) => {
      const item = make("span", "fleet-key");
      item.append(make("span", className), text);
      place.append(item);
    };
    key("fleet-swatch fleet-gap", "no points");
    if (view.shown.some((other) => other.severity)) {
      key("fleet-swatch fleet-found", "finding");
    }
    if (!one) {
      const ranges = new Map();
      for (const type of shown) {
        const words = range(view.scales.get(type)).join(" to ");
        ranges.set(words, (ranges.get(words) || []).concat(type));
      }
      const lines = [...ranges].map(([words, types]) => types.join(", ") + ": " + words);
      place.append(make("span", "fleet-ranges", lines.join("; ")));
    }
  }

  // Rows: only those in sight are made ----------------------------------------------------------

  function relayout(view) {
    for (const row of view.made.values()) {
      remove(row);
    }
    view.made.clear();
    const style = getComputedStyle(view.list);
    view.height = Number.parseFloat(style.getPropertyValue(view.few ? "--fleet-line-height" : "--fleet-row-height"));
    view.rows.style.height = view.shown.length * view.height + "px";
    paint(view);
  }

  function remove(row) {
    if (row.plot) {
      row.plot.destroy();
    }
    row.element.remove();
  }

  function soon(view) {
    if (!view.waiting) {
      view.waiting = requestAnimationFrame(() => {
        view.waiting = 0;
        paint(view);
      });
    }
  }

  function paint(view) {
    const {list, rows, height} = view;
    if (!view.shown.length || !list.clientHeight) {
      byId("fleet-axis").replaceChildren();
      return;
    }
    const first = Math.max(Math.floor(list.scrollTop / height) - 2, 0);
    const last = Math.min(Math.ceil((list.scrollTop + list.clientHeight) / height) + 2, view.shown.length);
    for (const [number, row] of view.made) {
      if ((number < first || number >= last) && number !== view.at) {
        remove(row);
        view.made.delete(number);
      }
    }
    // The current row stays, as what is read aloud refers to it.
    for (const number of new Set([...Array(last - first).keys()].map((i) => first + i).concat(view.at))) {
      if (!view.made.has(number)) {
        view.made.set(number, rowOf(view, number));
      }
    }
    const ordered = [...view.made.keys()].sort((a, b) => a - b);
    ordered.forEach((number, i) => {
      const {element} = view.made.get(number);
      if (rows.children[i] !== element) {
        rows.insertBefore(element, rows.children[i] || null);
      }
      element.setAttribute("aria-selected", String(view.shown[number] === view.open));
      element.classList.toggle("fleet-at", number === view.at);
    });
    list.setAttribute("aria-activedescendant", view.made.get(view.at).element.id);
    const strip = view.made.get(first).element.querySelector(".fleet-strip");
    const left = strip.getBoundingClientRect().left - list.getBoundingClientRect().left - list.clientLeft;
    view.strip = {left, width: strip.clientWidth, top: strip.offsetTop, height: strip.clientHeight};
    axis(view);
    if (view.few) {
      ordered.forEach((number) => line(view, view.made.get(number), view.shown[number]));
    } else {
      heat(view, first, last);
    }
  }

  function rowOf(view, number) {
    const one = view.shown[number];
    const severity = worstOf(one);
    const element = make("div", "fleet-row");
    element.id = "fleet-row-" + number;
    element.setAttribute("role", "option");
    element.setAttribute("aria-setsize", view.shown.length);
    element.setAttribute("aria-posinset", number + 1);
    element.style.top = number * view.height + "px";
    const mark = make("span", "fleet-mark" + (severity ? " fleet-" + severity : ""), SIGNS[severity] || "");
    mark.setAttribute("aria-hidden", "true");
    const label = make("span", "fleet-label");
    const severe = make("span", "hidden-text", severity ? severity + " " : "");
    const type = make("span", "fleet-type", one.type);
    label.append(severe, make("span", "fleet-name", one.name), " ", type);
    label.title = [one.name, one.type, one.chart.region].join(", ");
    element.append(mark, label, make("span", "fleet-strip"), make("span", "fleet-value", format.value(one.newest, one.chart.unit)));
    return {element, plot: null};
  }

  /** A line without axes: its shape is what counts here. */
  function line(view, row, one) {
    if (row.plot) {
      return;
    }
    const strip = row.element.querySelector(".fleet-strip");
    const data = page.decode(one.chart);
    const few = data.filled <= 12;
    const rows = [data.times, data.tops];
    const series = [{}, {
      stroke: () => palette().line,
      width: 1.25,
      points: {
        show: true,
        size: 4,
        fill: () => palette().line,
        filter: (u, index) => {
          const alone = [];
          u.data[index].forEach((value, i, all) => {
            if (value !== null && (few || ((all[i - 1] ?? null) === null && (all[i + 1] ?? null) === null))) {
              alone.push(i);
            }
          });
          return alone;
        },
      },
    }];
    const room = Math.max((one.high - one.low) * 0.1, Math.abs(one.high) * 0.02, 0.01);
    row.plot = new uPlot({
      width: strip.clientWidth,
      height: strip.clientHeight,
      padding: [2, 2, 2, 2],
      legend: {show: false},
      cursor: {show: false},
      axes: [{show: false}, {show: false}],
      scales: {
        x: {time: true, range: () => [view.from, view.to]},
        y: {range: () => [one.low - room, one.high + room]},
      },
      series,
      hooks: {
        drawClear: [(u) => found(u.ctx, one, (at) => u.valToPos(at, "x", true), u.bbox.top + u.bbox.height, uPlot.pxRatio)],
      },
    }, rows, strip);
  }

  /** Findings as a bar below what they are about. */
  function found(ctx, one, xOf, bottom, ratio) {
    for (const finding of one.findings) {
      if (finding.analysis !== "forecast" && Number.isFinite(finding.start)) {
        const from = xOf(Math.max(finding.start, one.chart.from));
        const to = xOf(Math.max(finding.latest, finding.start) + one.chart.step);
        const width = Math.max(to - from, 3 * ratio);
        ctx.fillStyle = palette().surface;
        ctx.fillRect(from, bottom - 4 * ratio, width, 4 * ratio);
        ctx.fillStyle = palette().marks[severityOf(finding)];
        ctx.fillRect(from, bottom - 3 * ratio, width, 3 * ratio);
      }
    }
  }

  /** The cells of the rows in sight, on one canvas that stays in sight. */
  function heat(view, first, last) {
    const {canvas, list, strip, height} = view;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(strip.width * ratio);
    const tall = Math.round(list.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== tall) {
      canvas.width = width;
      canvas.height = tall;
      canvas.style.width = strip.width + "px";
      canvas.style.height = list.clientHeight + "px";
    }
    canvas.style.left = strip.left + "px";
    const ctx = canvas.getContext("2d");
    ctx.clearRect(0, 0, width, tall);
    const perSecond = width / (view.to - view.from);
    const xOf = (at) => (at - view.from) * perSecond;
    for (let number = first; number < last; number++) {
      const one = view.shown[number];
      const top = Math.round((number * height + strip.top - list.scrollTop) * ratio);
      const cell = Math.round(strip.height * ratio);
      cells(ctx, view, one, xOf, top, cell, width);
      found(ctx, one, xOf, top + cell, ratio);
    }
  }

  function cells(ctx, view, one, xOf, top, tall, width) {
    const {chart} = one;
    const scale = view.scales.get(one.type);
    const {shades, gap} = palette();
    const numbers = scaled(chart.tops);
    // Where slots are narrower than a pixel, the highest of them counts.
    const columns = new Int16Array(width).fill(-1);
    numbers.forEach((number, i) => {
      if (number > 0) {
        const part = (valueOf(chart, number) - scale.low) / (scale.high - scale.low);
        const shade = Math.min(Math.max(Math.round(part * (SHADES - 1)), 0), SHADES - 1);
        const at = chart.from + i * chart.step;
        const to = Math.min(Math.max(Math.round(xOf(at + chart.step)), Math.floor(xOf(at)) + 1), width);
        for (let x = Math.max(Math.min(Math.round(xOf(at)), width - 1), 0); x < to; x++) {
          columns[x] = Math.max(columns[x], shade);
        }
      }
    });
    let from = 0;
    for (let x = 1; x <= width; x++) {
      if (x === width || columns[x] !== columns[from]) {
        ctx.fillStyle = columns[from] < 0 ? gap : shades[columns[from]];
        const slim = columns[from] < 0 ? Math.max(Math.round(tall / 8), 1) : tall;
        ctx.fillRect(from, top + Math.round((tall - slim) / 2), x - from, slim);
        from = x;
      }
    }
  }

  function axis(view) {
    const place = byId("fleet-axis");
    const {left, width} = view.strip;
    const span = view.to - view.from;
    const most = Math.max(Math.floor(width / 90), 1);
    const step = STEPS.find((one) => span / one <= most) || STEPS[STEPS.length - 1];
    const offset = Date.parse(format.day(view.from) + "T" + format.clock(view.from) + "Z") / 1000 - Math.floor(view.from / 60) * 60;
    place.replaceChildren();
    for (let at = Math.ceil((view.from + offset) / step) * step - offset; at < view.to; at += step) {
      const tick = make("span", "", format.clock(at) === "00:00" || step >= 86400 ? format.day(at).slice(5) : format.clock(at));
      const x = ((at - view.from) / span) * width;
      if (x > width - 34) {
        break;
      }
      tick.style.left = left + x + "px";
      place.append(tick);
    }
  }

  // Keyboard and pointer ------------------------------------------------------------------------

  function go(view, number) {
    const {list, height} = view;
    view.at = Math.min(Math.max(number, 0), view.shown.length - 1);
    const top = view.at * height;
    if (top < list.scrollTop) {
      list.scrollTop = top;
    } else if (top + height > list.scrollTop + list.clientHeight) {
      list.scrollTop = top + height - list.clientHeight;
    }
    if (view.open) {
      show(view, view.shown[view.at]);
    }
    soon(view);
  }

  function keyboard(view) {
    const rows = () => Math.max(Math.floor(view.list.clientHeight / view.height) - 1, 1);
    const keys = {
      ArrowDown: () => go(view, view.at + 1),
      ArrowUp: () => go(view, view.at - 1),
      PageDown: () => go(view, view.at + rows()),
      PageUp: () => go(view, view.at - rows()),
      Home: () => go(view, 0),
      End: () => go(view, view.shown.length - 1),
      Enter: () => show(view, view.shown[view.at]),
      " ": () => show(view, view.shown[view.at]),
      Escape: () => close(view),
    };
    view.list.addEventListener("keydown", (event) => {
      const action = keys[event.key];
      if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        action();
      }
    });
    view.detail.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) {
        close(view);
      }
    });
  }

  /** Links elsewhere in the page that show a series here. */
  function links(view) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-show]");
      const one = link && view.series.find((other) => other.id === link.dataset.show);
      if (one) {
        if (!view.shown.includes(one)) {
          view.form.reset();
          filter(view);
        }
        show(view, one);
        go(view, view.shown.indexOf(one));
      }
    });
  }

  /** The row and the time under the pointer. */
  function under(view, event) {
    const box = view.list.getBoundingClientRect();
    const number = Math.floor((event.clientY - box.top - view.list.clientTop + view.list.scrollTop) / view.height);
    if (number < 0 || number >= view.shown.length || !view.strip) {
      return null;
    }
    const part = (event.clientX - box.left - view.list.clientLeft - view.strip.left) / view.strip.width;
    return {number, at: part >= 0 && part < 1 ? view.from + part * (view.to - view.from) : null};
  }

  function pointer(view) {
    view.list.addEventListener("click", (event) => {
      // A screen reader clicks a row without a position.
      const row = event.target.closest(".fleet-row");
      if (row) {
        view.at = Number(row.getAttribute("aria-posinset")) - 1;
        show(view, view.shown[view.at]);
      }
    });
    view.list.addEventListener("pointermove", (event) => {
      const place = under(view, event);
      view.read.textContent = place && place.at !== null ? valueAt(view.shown[place.number], place.at) : "";
    });
    view.list.addEventListener("pointerleave", () => {
      view.read.textContent = "";
    });
  }

  function valueAt(one, at) {
    const slot = Math.floor((at - one.chart.from) / one.chart.step);
    const number = slot >= 0 ? scaled(one.chart.tops)[slot] || 0 : 0;
    const value = number ? format.value(valueOf(one.chart, number), one.chart.unit) : "no points";
    const hit = one.findings.findLast((finding) => finding.analysis !== "forecast" && at >= finding.start && at <= finding.latest + one.chart.step);
    return [one.name, one.type, format.time(number ? one.chart.from + slot * one.chart.step : at), value]
      .concat(hit ? [severityOf(hit) + " finding"] : []).join(", ");
  }

  // The chosen series ---------------------------------------------------------------------------

  function show(view, one) {
    if (view.open === one) {
      return;
    }
    const {detail} = view;
    const {chart} = one;
    const first = !view.open;
    view.open = one;
    detail.hidden = false;
    clear(detail);
    const head = make("div", "fleet-detail-head");
    const title = make("h3", "", one.name);
    const closing = make("button", "fleet-close", "Close");
    closing.type = "button";
    closing.addEventListener("click", () => close(view));
    head.append(title, closing);
    const numbers = make("dl", "fleet-numbers");
    const add = (name, value) => {
      const pair = make("div");
      pair.append(make("dt", "", name), make("dd", "", value));
      numbers.append(pair);
    };
    add("Type", one.type);
    add("Region", chart.region);
    add("Newest", format.value(one.newest, chart.unit));
    add("Lowest", format.value(one.low, chart.unit));
    add("Highest", format.value(one.high, chart.unit));
    add("Points", chart.points.toLocaleString("en-US"));
    const place = make("div", "chart");
    detail.append(head, numbers);
    const card = one.findings.map((finding) => finding.id && byId(finding.id)).find(Boolean);
    if (one.findings.length) {
      const link = make(card ? "a" : "span", "fleet-findings", format.plural(one.findings.length, "finding"));
      if (card) {
        link.href = "#" + card.id;
      }
      const counted = make("p", "fleet-" + worstOf(one));
      counted.append(SIGNS[worstOf(one)] + " ", link);
      detail.append(counted);
    }
    detail.append(place);
    page.draw(place, page.chartOf(one.id, one.findings.some((finding) => finding.analysis === "forecast")), one.findings);
    soon(view);
    if (first) {
      detail.scrollIntoView({block: "nearest"});
    }
  }

  function clear(detail) {
    const place = detail.querySelector(".chart");
    if (place) {
      page.erase(place);
    }
    detail.replaceChildren();
  }

  function close(view) {
    if (view.open) {
      view.open = null;
      clear(view.detail);
      view.detail.hidden = true;
      soon(view);
      view.list.focus({preventScroll: true});
    }
  }

  // The same as a table -------------------------------------------------------------------------

  const byText = (of) => (a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0);
  const byNumber = (of) => (a, b) => of(b) - of(a);
  const COLUMNS = [
    {name: "Finding", text: (one) => worstOf(one) || "none", order: () => 0},
    {name: "Instance", text: (one) => one.chart.instance_id, order: byText((one) => one.chart.instance_id)},
    {name: "Type", text: (one) => one.type, order: byText((one) => one.type)},
    {name: "Dimensions", text: (one) => one.dimensions, order: byText((one) => one.dimensions)},
    {name: "Region", text: (one) => one.chart.region, order: byText((one) => one.chart.region)},
    {name: "Newest", text: (one) => format.value(one.newest, one.chart.unit), order: byNumber((one) => one.newest), number: true},
    {name: "Lowest", text: (one) => format.value(one.low, one.chart.unit), order: byNumber((one) => one.low), number: true},
    {name: "Highest", text: (one) => format.value(one.high, one.chart.unit), order: byNumber((one) => one.high), number: true},
    {name: "Points", text: (one) => one.chart.points.toLocaleString("en-US"), order: byNumber((one) => one.chart.points), number: true},
  ];

  /** A page of it at a time, made when it is opened. */
  function table(view) {
    const details = byId("fleet-table");
    const scroll = make("div", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "All series");
    const sheet = make("table", "values");
    const headings = sheet.createTHead().insertRow();
    const body = sheet.createTBody();
    const pages = make("div", "fleet-pages");
    const where = make("output");
    const turn = (text, by) => {
      const button = make("button", "", text);
      button.type = "button";
      button.addEventListener("click", () => {
        number += by;
        fill();
      });
      return button;
    };
    let number = 0;
    let column = 0;
    let reversed = false;
    const before = turn("Previous", -1);
    const after = turn("Next", 1);
    pages.append(before, where, after);
    COLUMNS.forEach((one, i) => {
      const heading = make("th");
      heading.scope = "col";
      const button = make("button", "", one.name);
      button.type = "button";
      button.addEventListener("click", () => {
        reversed = column === i && !reversed;
        column = i;
        number = 0;
        fill();
      });
      heading.append(button);
      headings.append(heading);
    });

    const fill = () => {
      const sorted = view.shown.slice();
      if (column) {
        sorted.sort(COLUMNS[column].order);
      }
      if (reversed) {
        sorted.reverse();
      }
      const from = number * TABLE_PAGE;
      const shown = sorted.slice(from, from + TABLE_PAGE);
      [...headings.cells].forEach((heading, i) => {
        if (i === column) {
          const down = Boolean(COLUMNS[i].number || i === 0);
          heading.setAttribute("aria-sort", down === reversed ? "ascending" : "descending");
        } else {
          heading.removeAttribute("aria-sort");
        }
      });
      body.replaceChildren(...shown.map((one) => tableRow(view, one)));
      where.textContent = shown.length ? from + 1 + " to " + (from + shown.length) + " of " + sorted.length : "No series";
      before.disabled = number === 0;
      after.disabled = from + TABLE_PAGE >= sorted.length;
      pages.hidden = sorted.length <= TABLE_PAGE;
    };
    view.fillTable = () => {
      number = 0;
      if (details.open) {
        fill();
      }
    };
    details.addEventListener("toggle", () => {
      if (details.open) {
        if (!scroll.isConnected) {
          scroll.append(sheet);
          details.append(scroll, pages);
        }
        fill();
      }
    });
  }

  function tableRow(view, one) {
    const row = make("tr");
    for (const column of COLUMNS) {
      const cell = make(column.name === "Instance" ? "th" : "td", column.number ? "number" : "");
      if (column.name === "Instance") {
        cell.scope = "row";
        const button = make("button", "fleet-link", column.text(one));
        button.type = "button";
        button.addEventListener("click", () => {
          view.at = view.shown.indexOf(one);
          show(view, one);
        });
        cell.append(button);
      } else {
        cell.textContent = column.text(one);
      }
      row.append(cell);
    }
    return row;
  }

  page.fleet = fleet;
})();
