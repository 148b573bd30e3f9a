"use strict";
// Draws a series with what is known of it. Colors come from the style sheet's variables.
(() => {
  const page = window.inframetrics;
  const format = page.format;
  const HIGHEST = 65535;
  const FORECAST_STEPS = 48;
  const RANKS = ["critical", "warning", "info"];
  const drawn = new Map(); // element -> what is drawn in it
  let colors = {};
  let made = 0;

  // The documents in the page -----------------------------------------------------------------

  const read = {};

  function embedded(id) {
    if (!read[id]) {
      const element = document.getElementById(id);
      read[id] = element ? JSON.parse(element.textContent) : [];
    }
    return read[id];
  }

  const charts = () => embedded("charts");
  const findings = () => embedded("findings");
  let bySeries = null;

  /** The chart of a series; of two the one with the forecast if that is asked for. */
  function chartOf(seriesId, withForecast) {
    if (!bySeries) {
      bySeries = new Map();
      for (const chart of charts()) {
        const known = bySeries.get(chart.series_id) || {};
        known[chart.forecast ? "forecast" : "plain"] = chart;
        bySeries.set(chart.series_id, known);
      }
    }
    const known = bySeries.get(seriesId);
    return known && ((withForecast && known.forecast) || known.plain || known.forecast) || null;
  }

  // Decoding ----------------------------------------------------------------------------------

  function values(text, low, high) {
    const bytes = atob(text);
    const result = new Array(bytes.length >> 1);
    for (let i = 0; i < result.length; i++) {
      const v = (bytes.charCodeAt(2 * i) << 8) | bytes.charCodeAt(2 * i + 1);
      result[i] = v === 0 ? null : low + ((v - 1) / (HIGHEST - 1)) * (high - low);
    }
    return result;
  }

  /** Times in seconds (the middle of each slot), the highest and, where they differ, the lowest value of each slot; null in a gap. */
  function decode(chart) {
    const tops = values(chart.tops, chart.low, chart.high);
    const bottoms = chart.bottoms ? values(chart.bottoms, chart.low, chart.high) : null;
    return {
      times: tops.map((_, i) => chart.from + (i + 0.5) * chart.step),
      tops,
      bottoms,
      expected: chart.expected
        ? {
            tops: values(chart.expected.tops, chart.low, chart.high),
            bottoms: values(chart.expected.bottoms, chart.low, chart.high),
          }
        : null,
      step: chart.step,
      filled: tops.reduce((n, top) => n + (top === null ? 0 : 1), 0),
    };
  }

  const seconds = (text) => (text ? Date.parse(text) / 1000 : null);

  /** The lines of a forecast from the newest point on: likely, fast and slow; null if there is nothing to draw. */
  function forecastLines(chart, data) {
    const forecast = chart.forecast;
    if (!forecast || forecast.outcome === "EXHAUSTED" || typeof forecast.level !== "number") {
      return null;
    }
    const last = lastKnown(data);
    if (data.filled === 0) {
      return null;
    }
    const start = data.times[last];
    const speed = (at) => (at && at > start ? (forecast.capacity - forecast.level) / (at - start) : null);
    const likely = speed(seconds(forecast.exhausted_at)) ||
      (forecast.growth_per_day > 0 ? forecast.growth_per_day / 86400 : null);
    const fast = speed(seconds(forecast.earliest));
    const slow = speed(seconds(forecast.latest)) || (fast ? 0 : null);
    if (!likely && !fast) {
      return null;
    }
    const history = Math.max(start - data.times[0], 20 * data.step);
    const wanted = seconds(forecast.latest) || seconds(forecast.exhausted_at) || seconds(forecast.earliest) || start;
    const end = start + Math.max(Math.min((wanted - start) * 1.05, 2 * history), history / 8);
    const up = forecast.capacity >= forecast.level ? Math.min : Math.max;
    const lines = {start, end, times: [], likely: [], fast: [], slow: []};
    for (let i = 0; i <= FORECAST_STEPS; i++) {
      const at = start + ((end - start) * i) / FORECAST_STEPS;
      const value = (perSecond) => perSecond === null ? null : up(forecast.capacity, forecast.level + perSecond * (at - start));
      lines.times.push(at);
      lines.likely.push(value(likely));
      lines.fast.push(value(fast));
      lines.slow.push(value(fast ? slow : null));
    }
    return lines;
  }

  // Colors ------------------------------------------------------------------------------------

  function color(name) {
    if (!colors[name]) {
      colors[name] = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    }
    return colors[name];
  }

  function repaint() {
    colors = {};
    for (const one of drawn.values()) {
      one.plot.redraw();
    }
  }

  // Drawing -----------------------------------------------------------------------------------

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) {
      element.className = className;
    }
    if (text) {
      element.textContent = text;
    }
    return element;
  }

  /** Where findings are; those of a forecast are its line. */
  function marks(findingsOfSeries) {
    return findingsOfSeries
      .filter((finding) => finding.analysis !== "forecast")
      .map((finding) => ({
        severity: String(finding.severity).toLowerCase(),
        start: finding.start,
        latest: Math.max(finding.latest, finding.start),
      }))
      .filter((mark) => Number.isFinite(mark.start))
      .sort((one, other) => RANKS.indexOf(one.severity) - RANKS.indexOf(other.severity));
  }

  function marker(ctx, severity, x, y, size) {
    ctx.beginPath();
    if (severity === "critical") {
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y);
      ctx.lineTo(x, y + size);
      ctx.lineTo(x - size, y);
    } else if (severity === "warning") {
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y + size * 0.8);
      ctx.lineTo(x - size, y + size * 0.8);
    } else {
      ctx.arc(x, y, size * 0.8, 0, 2 * Math.PI);
    }
    ctx.closePath();
    ctx.fill();
  }

  function drawStretches(u, all, step) {
    const {ctx, bbox} = u;
    ctx.save();
    for (const mark of all) {
      const left = Math.max(u.valToPos(mark.start - step / 2, "x", true), bbox.left);
      const right = Math.min(u.valToPos(mark.latest + step / 2, "x", true), bbox.left + bbox.width);
      if (right >= bbox.left && left <= bbox.left + bbox.width) {
        ctx.fillStyle = color(mark.severity + "-wash");
        ctx.fillRect(left, bbox.top, Math.max(right - left, 3 * uPlot.pxRatio), bbox.height);
      }
    }
    ctx.restore();
  }

  function drawMarkers(u, all) {
    const {ctx, bbox} = u;
    const ratio = uPlot.pxRatio;
    const taken = [];
    ctx.save();
    for (const mark of all) {
      const left = u.valToPos(mark.start, "x", true);
      const right = u.valToPos(mark.latest, "x", true);
      const x = Math.min(Math.max(left, bbox.left + 6 * ratio), bbox.left + bbox.width - 6 * ratio);
      if (right >= bbox.left && left <= bbox.left + bbox.width) {
        ctx.fillStyle = color(mark.severity);
        ctx.fillRect(Math.max(left, bbox.left), bbox.top,
          Math.max(Math.min(right, bbox.left + bbox.width) - Math.max(left, bbox.left), 2 * ratio), 2 * ratio);
        // Of markers on top of each other the worst is enough.
        if (taken.every((other) => Math.abs(other - x) > 11 * ratio)) {
          marker(ctx, mark.severity, x, bbox.top + 6 * ratio, 5 * ratio);
          taken.push(x);
        }
      }
    }
    ctx.restore();
  }

  function drawLevels(u, levels, unit) {
    const {ctx, bbox} = u;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.font = 11 * ratio + "px " + getComputedStyle(document.body).fontFamily;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    const taken = [];
    for (const level of levels) {
      const y = Math.round(u.valToPos(level.value, "y", true)) + 0.5;
      if (y < bbox.top - 1 || y > bbox.top + bbox.height + 1) {
        continue;
      }
      ctx.strokeStyle = color(level.color);
      ctx.lineWidth = ratio;
      ctx.setLineDash([6 * ratio, 4 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      // Above the line, else below it, wherever there is room.
      const tall = 13 * ratio;
      const top = [y - tall, y + 2 * ratio].find((at) => at >= bbox.top - 2 * ratio &&
        at + tall <= bbox.top + bbox.height && taken.every((other) => Math.abs(other - at) >= tall));
      if (top !== undefined) {
        taken.push(top);
        const at = [bbox.left + 16 * ratio, top + tall - 3 * ratio];
        const text = level.name + " " + format.value(level.value, unit);
        // A halo keeps the words readable on the line.
        ctx.setLineDash([]);
        ctx.strokeStyle = color("surface");
        ctx.lineWidth = 3 * ratio;
        ctx.lineJoin = "round";
        ctx.strokeText(text, ...at);
        ctx.fillStyle = color(level.color);
        ctx.fillText(text, ...at);
      }
    }
    ctx.restore();
  }

  /** Noise must not fill the chart, and what is close to zero is shown from zero on. */
  function valueRange(levels, unit) {
    return (u, low, high) => {
      if (low === null || !Number.isFinite(low)) {
        return [0, 1];
      }
      const span = Math.max(high - low, unit === "Percent" ? 4 : Math.abs(high) * 0.04, 1e-9);
      let from = low;
      let to = high;
      for (const level of levels) {
        if (level.value >= low - span * 0.6 && level.value <= high + span * 0.8) {
          from = Math.min(from, level.value);
          to = Math.max(to, level.value);
        }
      }
      const missing = Math.max(span - (to - from), 0);
      from -= missing / 2;
      to += missing / 2;
      const room = (to - from) * 0.08;
      const bottom = low >= 0 && (from - room < 0 || from < to * 0.35) ? 0 : from - room;
      const top = unit === "Percent" && high <= 100 ? Math.min(to + room * 1.6, 104) : to + room * 1.6;
      return [bottom, top];
    };
  }

  function timeLabels(u, splits) {
    let before = "";
    return splits.map((at) => {
      const day = format.day(at);
      const clock = format.clock(at);
      const label = clock === "00:00" ? day.slice(5) : clock + (before === day || !before ? "" : "\n" + day.slice(5));
      const first = !before && clock !== "00:00" ? clock + "\n" + day.slice(5) : label;
      before = day;
      return first;
    });
  }

  function noteOf(chart, data, levels, range) {
    const words = [];
    const perSlot = data.filled ? chart.points / data.filled : 1;
    if (data.bottoms && perSlot >= 1.5) {
      words.push("Each column is " + format.duration(chart.step) + ": highest and lowest of " +
        (Math.round(perSlot) === perSlot ? "" : "about ") + Math.round(perSlot) + " points.");
    }
    if (data.filled === 1) {
      words.push("One point so far.");
    }
    const beyond = levels.filter((level) => level.value < range[0] || level.value > range[1]);
    if (beyond.length) {
      words.push("Not in the picture: " +
        beyond.map((level) => level.name + " at " + format.value(level.value, chart.unit)).join(", ") + ".");
    }
    return words.join(" ");
  }

  function legend(chart, data, all, lines) {
    const list = make("ul", "chart-legend");
    const add = (className, text) => {
      const item = make("li");
      item.append(make("span", "swatch swatch-" + className), text);
      list.append(item);
    };
    add("value", data.bottoms ? "lowest to highest" : "value");
    if (data.expected) {
      add("usual", "usual values");
    }
    const severities = RANKS.filter((one) => all.some((mark) => mark.severity === one));
    severities.forEach((one) => add(one, one + " finding"));
    if (lines) {
      add("forecast", lines.fast[0] === null ? "forecast" : "forecast, with its interval");
    }
    return list;
  }

  /** The values of a slot in words. */
  function words(state, i) {
    const {chart, data, columns, all} = state;
    const at = columns.times[i];
    const text = [format.time(at)];
    const top = columns.tops[i];
    if (top !== null && top !== undefined) {
      const bottom = columns.bottoms ? columns.bottoms[i] : top;
      const [low, high] = [format.value(bottom, chart.unit), format.value(top, chart.unit)];
      text.push(low === high ? high : low + " to " + high);
      const usual = columns.usualTops && columns.usualTops[i];
      if (usual !== null && usual !== undefined) {
        text.push("usual " + format.value(columns.usualBottoms[i], chart.unit) + " to " + format.value(usual, chart.unit));
      }
    } else if (columns.likely && at > columns.forecastFrom) {
      const [low, high] = [columns.slow, columns.fast].map((one) => format.value(one[i], chart.unit));
      const range = columns.fast[i] === null || low === high ? "" : " (" + low + " to " + high + ")";
      if (columns.likely[i] !== null || range) {
        text.push("forecast " + (columns.likely[i] === null ? "" : format.value(columns.likely[i], chart.unit)) + range);
      }
    } else {
      text.push("no points");
    }
    const half = data.step / 2;
    const inside = all.filter((mark) => at >= mark.start - half && at <= mark.latest + half);
    if (inside.length) {
      text.push(inside[0].severity + " finding");
    }
    return text;
  }

  function table(chart, data) {
    const result = make("table", "values");
    const head = result.createTHead().insertRow();
    const names = ["Time (" + format.zone + ")"].concat(data.bottoms ? ["Lowest", "Highest"] : ["Value"])
      .concat(data.expected ? ["Usual from", "to"] : []);
    for (const name of names) {
      const cell = make("th", null, name);
      cell.scope = "col";
      head.append(cell);
    }
    const body = result.createTBody();
    const cell = (row, text, className) => {
      const one = row.insertCell();
      one.textContent = text;
      one.className = className || "number";
      return one;
    };
    for (let i = data.times.length - 1; i >= 0; i--) {
      const row = body.insertRow();
      if (data.tops[i] === null) {
        const to = data.times[i];
        while (i > 0 && data.tops[i - 1] === null) {
          i--;
        }
        const from = data.times[i];
        cell(row, from === to ? format.time(from) : format.time(from) + " to " + format.time(to), "gap");
        cell(row, "no points", "gap").colSpan = names.length - 1;
        continue;
      }
      cell(row, format.time(data.times[i]), "time");
      if (data.bottoms) {
        cell(row, format.value(data.bottoms[i], chart.unit));
      }
      cell(row, format.value(data.tops[i], chart.unit));
      if (data.expected) {
        cell(row, data.expected.bottoms[i] === null ? "" : format.value(data.expected.bottoms[i], chart.unit));
        cell(row, data.expected.tops[i] === null ? "" : format.value(data.expected.tops[i], chart.unit));
      }
    }
    return result;
  }

  function keyboard(state) {
    const {plot, columns, box, live} = state;
    const x = columns.times;
    const first = x[0];
    const last = x[x.length - 1];
    const known = (i) => columns.tops[i] !== null && columns.tops[i] !== undefined ||
      (columns.likely && x[i] > columns.forecastFrom);
    const show = (i) => {
      let {min, max} = plot.scales.x;
      if (x[i] < min || x[i] > max) {
        const width = max - min;
        min = Math.min(Math.max(x[i] - width / 2, first), last - width);
        plot.setScale("x", {min, max: min + width});
      }
      state.at = i;
      requestAnimationFrame(() => {
        const top = columns.tops[i] ?? (columns.likely && columns.likely[i]) ?? 0;
        plot.setCursor({left: plot.valToPos(x[i], "x"), top: plot.valToPos(top, "y")});
        live.textContent = words(state, i).join(", ");
      });
    };
    const move = (by) => {
      let i = state.at === null ? lastKnown(columns) : state.at + by;
      while (i > 0 && i < x.length - 1 && !known(i)) {
        i += Math.sign(by);
      }
      show(Math.min(Math.max(i, 0), x.length - 1));
    };
    const zoom = (factor) => {
      const {min, max} = plot.scales.x;
      const middle = state.at !== null ? x[state.at] : (min + max) / 2;
      const width = Math.min(Math.max((max - min) * factor, state.data.step * 4), last - first);
      const from = Math.min(Math.max(middle - width / 2, first), last - width);
      plot.setScale("x", {min: from, max: from + width});
      live.textContent = "Shows " + format.time(from) + " to " + format.time(from + width);
    };
    const reset = () => {
      plot.setScale("x", {min: first, max: last});
      live.textContent = "Shows all of it";
    };
    const keys = {
      ArrowLeft: (event) => move(event.shiftKey ? -10 : -1),
      ArrowRight: (event) => move(event.shiftKey ? 10 : 1),
      Home: () => show(0),
      End: () => show(x.length - 1),
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      0: reset,
      Escape: reset,
    };
    box.addEventListener("keydown", (event) => {
      const action = keys[event.key];
      if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        action(event);
      }
    });
  }

  function lastKnown(columns) {
    for (let i = columns.tops.length - 1; i >= 0; i--) {
      if (columns.tops[i] !== null && columns.tops[i] !== undefined) {
        return i;
      }
    }
    return 0;
  }

  /** What the plot shows, all of equal length: a forecast adds times behind the history. */
  function columnsOf(data, lines) {
    const columns = {times: data.times.slice(), tops: data.tops.slice()};
    columns.bottoms = data.bottoms && data.bottoms.slice();
    columns.usualTops = data.expected && data.expected.tops.slice();
    columns.usualBottoms = data.expected && data.expected.bottoms.slice();
    if (lines) {
      const at = lastKnown(columns);
      for (const name of ["likely", "fast", "slow"]) {
        columns[name] = new Array(columns.times.length).fill(null);
        columns[name][at] = lines[name][0];
      }
      columns.forecastFrom = lines.start;
      for (let i = 1; i < lines.times.length; i++) {
        if (lines.times[i] <= columns.times[columns.times.length - 1]) {
          continue;
        }
        columns.times.push(lines.times[i]);
        ["likely", "fast", "slow"].forEach((name) => columns[name].push(lines[name][i]));
      }
    }
    if (columns.times.length === 1) {
      columns.times = [data.times[0] - data.step, data.times[0], data.times[0] + data.step];
      for (const name of ["tops", "bottoms", "usualTops", "usualBottoms"]) {
        columns[name] = columns[name] && [null, columns[name][0], null];
      }
    }
    for (const name of ["tops", "bottoms", "usualTops", "usualBottoms"]) {
      while (columns[name] && columns[name].length < columns.times.length) {
        columns[name].push(null);
      }
    }
    return columns;
  }

  function plotOf(state, width, height) {
    const {chart, columns, all, levels, data} = state;
    const series = [{}];
    const rows = [columns.times];
    const bands = [];
    const add = (row, options) => {
      rows.push(row);
      series.push({label: "", points: {show: false}, spanGaps: false, ...options});
      return rows.length - 1;
    };
    if (columns.usualTops) {
      const top = add(columns.usualTops, {stroke: "transparent", width: 0});
      const bottom = add(columns.usualBottoms, {stroke: "transparent", width: 0});
      bands.push({series: [top, bottom], fill: () => color("usual")});
    }
    if (columns.fast && columns.fast.some((one) => one !== null)) {
      const above = add(columns.fast, {stroke: "transparent", width: 0, spanGaps: true});
      const below = add(columns.slow, {stroke: "transparent", width: 0, spanGaps: true});
      bands.push({series: [above, below], fill: () => color("forecast-wash")});
    }
    const few = data.filled <= 40;
    const alone = (u, index) => {
      const row = u.data[index];
      const result = [];
      for (let i = 0; i < row.length; i++) {
        if (row[i] !== null && (few || ((row[i - 1] ?? null) === null && (row[i + 1] ?? null) === null))) {
          result.push(i);
        }
      }
      return result;
    };
    const points = {show: true, size: 4, filter: alone, stroke: () => color("line"), fill: () => color("line")};
    const top = add(columns.tops, {stroke: () => color("line"), width: columns.bottoms ? 1 : 1.5, points});
    if (columns.bottoms) {
      const bottom = add(columns.bottoms, {stroke: () => color("line"), width: 1, points});
      bands.push({series: [top, bottom], fill: () => color("line-wash")});
    }
    if (columns.likely) {
      add(columns.likely, {stroke: () => color("forecast"), width: 1.5, dash: [6, 4], spanGaps: true});
    }
    const axis = {stroke: () => color("muted"), ticks: {show: false}, font: "11px system-ui, sans-serif"};
    return new uPlot(
      {
        width,
        height,
        legend: {show: false},
        tzDate: format.zoned,
        padding: [6, 18, 0, 0],
        series,
        bands,
        scales: {x: {time: true}, y: {range: valueRange(levels, chart.unit)}},
        axes: [
          {...axis, grid: {show: false}, values: timeLabels, space: 64, size: 36},
          {
            ...axis,
            grid: {stroke: () => color("grid"), width: 1},
            values: (u, splits) => splits.map((one) => (chart.unit === "Percent" && one > 100 ? "" : format.value(one, chart.unit))),
            space: 36,
            size: (u, labels) => Math.max(44, ...(labels || []).map((one) => 14 + one.length * 6.2)),
          },
        ],
        cursor: {y: false, drag: {x: true, y: false, dist: 4}, points: {size: 7, fill: () => color("line")}},
        hooks: {
          drawClear: [(u) => drawStretches(u, all, data.step)],
          draw: [
            (u) => drawLevels(u, levels, chart.unit),
            (u) => drawMarkers(u, all),
          ],
          setCursor: [(u) => state.hover(u.cursor.idx)],
          ready: [(u) => state.ready(u.scales.y)],
          setScale: [(u, key) => key === "x" && state.zoomed(u.scales.x)],
        },
      },
      rows,
      state.box,
    );
  }

  /**
   * Draws a chart into an element, with its legend, the values under the cursor and a table.
   * Findings are those of the series: {analysis, severity, start, latest, ongoing}.
   */
  function draw(element, chart, findingsOfSeries) {
    erase(element);
    const data = decode(chart);
    const lines = forecastLines(chart, data);
    const columns = columnsOf(data, lines);
    const all = marks(findingsOfSeries || []);
    const levels = (chart.limits || []).map((limit) => ({
      name: String(limit.severity).toLowerCase(),
      color: String(limit.severity).toLowerCase(),
      value: limit.value,
    }));
    if (chart.forecast && Number.isFinite(chart.forecast.capacity)) {
      levels.push({name: "capacity", color: "muted", value: chart.forecast.capacity});
    }
    levels.sort((a, b) => b.value - a.value);

    const name = chart.metric_type + " " + chart.instance_id +
      Object.entries(chart.dimensions || {}).map(([key, value]) => " " + key + "=" + value).join("");
    const head = make("div", "chart-head");
    const readout = make("output", "chart-read");
    const whole = make("button", "chart-reset", "Show all");
    whole.type = "button";
    whole.hidden = true;
    head.append(readout, whole);
    readout.setAttribute("aria-live", "off");
    const live = make("div", "hidden-text");
    live.setAttribute("aria-live", "polite");
    const box = make("div", "chart-box");
    const help = make("p", "chart-help", "Arrow keys: read values. + and −: zoom. 0: all.");
    help.id = "chart-help-" + ++made;
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "chart");
    box.setAttribute("aria-label", name);
    box.setAttribute("aria-describedby", help.id);
    const note = make("p", "chart-note");
    const details = make("details", "chart-table");
    details.append(make("summary", null, "Values as a table"));
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) {
        const scroll = make("div", "scroll");
        scroll.tabIndex = 0;
        scroll.setAttribute("role", "region");
        scroll.setAttribute("aria-label", "Values of " + name);
        scroll.append(table(chart, data));
        details.append(scroll);
      }
    });
    const foot = make("div", "chart-foot");
    foot.append(legend(chart, data, all, lines), note, help, details);
    element.append(head, box, foot, live);

    const state = {chart, data, columns, all, levels, box, live, at: null};
    const newest = lastKnown(columns);
    state.hover = (i) => {
      const text = words(state, i === null || i === undefined ? newest : i);
      readout.replaceChildren(
        make("span", "chart-read-time", (i === null || i === undefined ? "Newest " : "") + text[0]),
        make("strong", null, text[1] || ""),
        ...text.slice(2).map((more) => make("span", "chart-read-more", more)));
    };
    const height = Number.parseFloat(getComputedStyle(box).getPropertyValue("--chart-height")) || 180;
    state.ready = (scale) => {
      note.textContent = noteOf(chart, data, levels, [scale.min, scale.max]);
      note.hidden = note.textContent === "";
    };
    const [first, last] = [columns.times[0], columns.times[columns.times.length - 1]];
    state.zoomed = (scale) => {
      whole.hidden = scale.min <= first && scale.max >= last;
    };
    whole.addEventListener("click", () => {
      state.plot.setScale("x", {min: first, max: last});
      box.focus({preventScroll: true});
    });
    state.plot = plotOf(state, Math.max(box.clientWidth, 200), height);
    state.hover(null);
    keyboard(state);
    box.addEventListener("blur", () => {
      state.at = null;
    });
    state.observer = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== state.plot.width) {
        state.plot.setSize({width: box.clientWidth, height});
      }
    });
    state.observer.observe(box);
    drawn.set(element, state);
    return state.plot;
  }

  /** Removes what is drawn in an element. */
  function erase(element) {
    const state = drawn.get(element);
    if (state) {
      state.observer.disconnect();
      state.plot.destroy();
      drawn.delete(element);
    }
    element.replaceChildren();
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  Object.assign(page, {charts, findings, chartOf, decode, draw, erase, repaint});
})();
