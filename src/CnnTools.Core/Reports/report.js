
'use strict';
(() => {
  const missing = '\u2013';

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function draw(name, attributes, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  // Tables

  const words = new Intl.Collator('en', { numeric: true });

  function compare(left, right) {
    const [a, b] = [left.dataset.value, right.dataset.value];
    return a !== undefined && b !== undefined ? a - b : words.compare(left.textContent, right.textContent);
  }

  // What is missing stays below, whichever way the rest goes.
  function sort(table, column, direction) {
    const rows = [...table.tBodies[0].rows];
    const isMissing = row => row.cells[column].classList.contains('missing');
    rows.sort((a, b) => isMissing(a) - isMissing(b)
      || (isMissing(a) ? 0 : direction * compare(a.cells[column], b.cells[column])));
    table.tBodies[0].append(...rows);
    for (const head of table.tHead.rows[0].cells) {
      head.removeAttribute('aria-sort');
    }
    table.tHead.rows[0].cells[column].setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
  }

  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make('button', { type: 'button' }, ...head.childNodes);
      head.append(button);
      button.addEventListener('click', () =>
        sort(table, column, head.getAttribute('aria-sort') === 'ascending' ? -1 : 1));
    });
  }

  // Axes

  function roundStep(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    return power * [1, 2, 5, 10].find(digit => digit * power >= least * 0.999999);
  }

  function linearScale(low, high, most, leastStep = 0) {
    if (low === high) {
      const reach = Math.max(Math.abs(low) / 10 || 1, leastStep);
      [low, high] = [low - reach, high + reach];
    }
    const step = Math.max(roundStep((high - low) / most), leastStep);
    const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
    return {
      ticks,
      label: value => decimals > 6 || Math.abs(value) >= 1e7 ? value.toExponential(1) : value.toFixed(decimals),
      share: value => (value - first * step) / ((last - first) * step),
    };
  }

  function logScale(low, high) {
    const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
    const every = Math.max(1, Math.ceil((last - first) / 7));
    const digits = last - first > 2 ? [1] : [1, 2, 5];
    let ticks = [];
    for (let power = first; power <= last; power += every) {
      ticks.push(...digits.map(digit => digit * 10 ** power));
    }
    const from = Math.max(0, ticks.findLastIndex(tick => tick <= low * 1.000001));
    const to = ticks.findIndex(tick => tick >= high * 0.999999);
    ticks = ticks.slice(from, to < 0 ? undefined : Math.max(to, from + 1) + 1);
    const [start, end] = [Math.log10(ticks[0]), Math.log10(Math.max(ticks.at(-1), high))];
    return {
      ticks,
      label: value => value >= 1e-4 && value < 1e6 ? String(Number(value.toPrecision(2))) : value.toExponential(0),
      share: value => (Math.log10(value) - start) / (end - start || 1),
    };
  }

  // As the tables have it.
  function figure(value, isShare) {
    const size = Math.abs(value);
    return isShare || size === 0 || (size >= 1e-3 && size < 1e5)
      ? value.toFixed(4)
      : value.toExponential(3).replace(/\.?0+e/, 'e');
  }

  // Charts

  class Chart {
    static height = 270;
    static margin = { top: 8, right: 12, bottom: 34 };
    static mostRows = 12;

    // The one whose figures stand beside the cross.
    static shown = null;

    constructor(data, all, state) {
      Object.assign(this, { data, all, state, isLog: false, at: null });
      this.svg = draw('svg', { class: 'chart', tabindex: 0, role: 'img' });
      this.tip = make('div', { class: 'tip', role: 'status', hidden: '' });
      this.caption = make('figcaption', {}, data.title);
      if (!data.share) {
        this.caption.append(this.makeScaleChoice());
      }
      this.figure = make('figure', {}, this.caption, this.svg, this.tip);
      this.svg.addEventListener('pointermove', event => this.point(event));
      this.svg.addEventListener('pointerleave', () => this.leave());
      this.svg.addEventListener('blur', () => this.leave());
      this.svg.addEventListener('keydown', event => this.press(event));
    }

    makeScaleChoice() {
      const choice = make('select', {}, make('option', {}, 'linear'), make('option', {}, 'logarithmic'));
      choice.addEventListener('change', () => {
        this.isLog = choice.selectedIndex === 1;
        this.render();
      });
      return make('label', {}, 'Scale ', choice);
    }

    color(curve) {
      return this.all.runs.length === 1 ? this.all.splits[curve.split].color : this.all.runs[curve.run].color;
    }

    // Where all lines are of one split, none needs dashes.
    dashes(curve) {
      return this.state.splits.size === 1 ? 'none' : this.all.splits[curve.split].dashes;
    }

    name(curve) {
      const split = this.all.splits[curve.split].name;
      return this.all.runs.length === 1 ? split : `${this.all.runs[curve.run].brief}, ${split}`;
    }

    isShown(value) {
      return value !== null && (!this.isLog || value > 0);
    }

    render() {
      const { height, margin } = Chart;
      const width = Math.max(280, this.figure.clientWidth);
      this.curves = this.data.curves.filter(curve => this.state.runs.has(curve.run) && this.state.splits.has(curve.split));
      const values = this.curves.flatMap(curve => curve.y.filter(value => this.isShown(value)));
      this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      this.svg.setAttribute('aria-label', `${this.data.title} by epoch, ${this.curves.length} curves. The arrow keys go from epoch to epoch.`);
      this.svg.classList.toggle('many', this.curves.length > 12);
      this.svg.replaceChildren();
      this.leave();
      this.places = [...new Set(this.curves.flatMap(curve => curve.x))].sort((a, b) => a - b);
      if (values.length === 0) {
        this.svg.append(draw('text', { class: 'empty', x: width / 2, y: height / 2 }, 'Nothing is chosen that has figures'));
        return;
      }

      const vertical = this.makeVertical(values);
      const labels = vertical.ticks.map(vertical.label);
      const left = 14 + 7 * Math.max(...labels.map(label => label.length));
      const [right, bottom] = [width - margin.right, height - margin.bottom];
      this.y = value => bottom - vertical.share(value) * (bottom - margin.top);
      this.x = this.makeHorizontal(left, right, bottom);
      this.svg.prepend(...vertical.ticks.flatMap((tick, i) => [
        draw('path', { class: 'grid', d: `M${left} ${this.y(tick)}H${right}` }),
        draw('text', { x: left - 8, y: this.y(tick) + 4, 'text-anchor': 'end' }, labels[i]),
      ]));
      this.svg.append(...this.curves.map(curve => this.drawCurve(curve)));
      this.pointer = draw('g', {});
      this.svg.append(this.pointer);
    }

    makeVertical(values) {
      // Where zero is near, it belongs to the picture.
      const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
      return this.isLog ? logScale(low, high) : linearScale(low > 0 && low < high * 0.3 ? 0 : low, high, 5);
    }

    makeHorizontal(left, right, bottom) {
      const [first, last] = [this.places[0], this.places.at(-1)];
      const x = value => first === last ? (left + right) / 2 : left + (value - first) / (last - first) * (right - left);
      const ticks = first === last ? [first]
        : linearScale(first, last, Math.max(2, Math.min(10, Math.floor((right - left) / 60))), 1).ticks.filter(tick => tick >= first && tick <= last);
      this.svg.append(
        draw('path', { class: 'axis', d: `M${left} ${bottom}H${right}` }),
        ...ticks.map(tick => draw('text', { x: x(tick), y: bottom + 16, 'text-anchor': 'middle' }, String(tick))),
        draw('text', { x: (left + right) / 2, y: bottom + 31, 'text-anchor': 'middle' }, 'epoch'));
      return x;
    }

    // A line breaks where there is no number; a point alone is a dot.
    drawCurve(curve) {
      let [path, dots, isOn] = ['', '', false];
      curve.x.forEach((place, i) => {
        const shown = this.isShown(curve.y[i]);
        if (shown) {
          const point = `${this.x(place).toFixed(1)} ${this.y(curve.y[i]).toFixed(1)}`;
          const isAlone = !isOn && !this.isShown(curve.y[i + 1] ?? null);
          path += `${isOn ? 'L' : 'M'}${point}`;
          dots += isAlone ? `M${point}h0` : '';
        }
        isOn = shown;
      });
      const color = this.color(curve);
      const group = draw('g', { class: 'curve', stroke: color, 'data-run': curve.run, 'data-split': curve.split });
      group.append(draw('path', { d: path, 'stroke-dasharray': this.dashes(curve) }));
      if (dots) {
        group.append(draw('path', { d: dots, 'stroke-width': 6, 'stroke-linecap': 'round' }));
      }
      return group;
    }

    point(event) {
      const box = this.svg.getBoundingClientRect();
      const scale = this.svg.viewBox.baseVal.width / box.width;
      const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      if (this.pointer?.isConnected) {
        this.show(this.places.reduce((best, place) => Math.abs(this.x(place) - x) < Math.abs(this.x(best) - x) ? place : best), y);
      }
    }

    press(event) {
      const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
      if (event.key === 'Escape') {
        this.leave();
      } else if (event.key in steps && this.pointer?.isConnected) {
        event.preventDefault();
        const from = this.at === null ? (steps[event.key] > 0 ? -1 : this.places.length) : this.places.indexOf(this.at);
        this.show(this.places[Math.max(0, Math.min(this.places.length - 1, from + steps[event.key]))], null);
      }
    }

    // The values at a place, those nearest to the pointer's height where there are many.
    show(place, height) {
      if (Chart.shown !== this) {
        Chart.shown?.leave();
        Chart.shown = this;
      }
      this.at = place;
      const found = this.curves
        .map(curve => ({ curve, value: curve.y[curve.x.indexOf(place)] ?? null }))
        .filter(point => this.isShown(point.value))
        .map(point => ({ ...point, distance: height === null ? 0 : Math.abs(this.y(point.value) - height) }));
      const near = height === null ? null : found.reduce((best, point) => point.distance < (best?.distance ?? 40) ? point : best, null);
      const rows = [...found].sort((a, b) => a.distance - b.distance).slice(0, Chart.mostRows);
      rows.sort((a, b) => b.value - a.value);
      this.pointer.replaceChildren(
        draw('path', { class: 'cross', d: `M${this.x(place)} ${Chart.margin.top}V${Chart.height - Chart.margin.bottom}` }),
        ...rows.map(point => draw('circle', {
          class: 'mark', cx: this.x(place), cy: this.y(point.value), r: point === near ? 5.5 : 4, fill: this.color(point.curve),
        })));
      this.emphasize(near && this.curves.length > 1 ? near.curve : null);
      this.tip.replaceChildren(this.makeTable(place, rows, near, found.length - rows.length));
      this.putTip(place);
    }

    makeTable(place, rows, near, more) {
      const body = make('tbody', {}, ...rows.map(point => make('tr', point === near ? { class: 'near' } : {},
        make('td', {}, swatch(this.color(point.curve), this.dashes(point.curve)), this.name(point.curve)),
        make('td', {}, figure(point.value, this.data.share)))));
      const rest = rows.length === 0 ? `: ${missing}` : more > 0 ? `, the nearest ${rows.length} of ${rows.length + more}` : '';
      return make('table', {}, make('caption', {}, `Epoch ${place}${rest}`), body);
    }

    putTip(place) {
      this.tip.hidden = false;
      const scale = this.svg.clientWidth / this.svg.viewBox.baseVal.width;
      const x = this.x(place) * scale;
      const [width, whole] = [this.tip.offsetWidth, this.figure.clientWidth];
      const left = x + 14 + width <= whole ? x + 14 : x - 14 - width;
      this.tip.style.left = `${Math.max(0, Math.min(left, whole - width))}px`;
      this.tip.style.top = `${this.caption.offsetHeight + 16}px`;
    }

    emphasize(curve) {
      for (const group of this.svg.querySelectorAll('.curve')) {
        const isIt = curve !== null && Number(group.dataset.run) === curve.run
          && (curve.split === undefined || Number(group.dataset.split) === curve.split);
        group.classList.toggle('bold', isIt);
        group.classList.toggle('dim', curve !== null && !isIt && this.curves.length > 12);
      }
    }

    leave() {
      this.at = null;
      this.pointer?.replaceChildren();
      this.tip.hidden = true;
      this.emphasize(null);
    }
  }

  function swatch(color, dashes = 'none') {
    return draw('svg', { class: 'swatch', viewBox: '0 0 16 8', 'aria-hidden': 'true' },
      draw('path', { d: 'M0 4h16', stroke: color, 'stroke-dasharray': dashes }));
  }

  // A box to tick for each run and each split that there are.
  class Legend {
    constructor(all, state, charts) {
      Object.assign(this, { all, state, charts });
      const curves = all.charts.flatMap(chart => chart.curves);
      this.splits = [...new Set(curves.map(curve => curve.split))].sort((a, b) => a - b);
      this.runs = [...new Set(curves.map(curve => curve.run))].sort((a, b) => a - b);
      this.splits.forEach(split => state.splits.add(split));
      this.runs.forEach(run => state.runs.add(run));
      if (this.runs.length > 6) {
        // Several lines of many runs say less than one: that of the split that decides.
        state.splits.clear();
        state.splits.add(this.splits.includes(1) ? 1 : this.splits.at(-1));
      }
    }

    make() {
      const one = this.all.runs.length === 1;
      const legend = make('div', { class: 'legend' }, this.makeSet('Splits', 'splits', this.splits, split => {
        const { name, dashes, color } = this.all.splits[split];
        return { name, title: name, mark: swatch(one ? color : 'currentColor', dashes) };
      }));
      if (!one) {
        legend.append(this.makeSet('Runs', 'runs', this.runs, run => {
          const { name, brief, color } = this.all.runs[run];
          return { name: brief, title: name, mark: swatch(color) };
        }));
      }
      return legend;
    }

    makeSet(title, kind, keys, describe) {
      const list = make('div', { class: kind }, ...keys.map(key => this.makeBox(kind, key, describe(key))));
      const set = make('fieldset', {}, make('legend', {}, title));
      if (keys.length > 3) {
        set.append(make('div', { class: 'all' }, this.makeButton('All', kind, keys, list), this.makeButton('None', kind, [], list)));
      }
      set.append(list);
      return set;
    }

    makeBox(kind, key, { name, title, mark }) {
      const box = make('input', { type: 'checkbox', 'data-key': key });
      box.checked = this.state[kind].has(key);
      box.addEventListener('change', () => {
        this.state[kind][box.checked ? 'add' : 'delete'](key);
        this.render();
      });
      const label = make('label', { title }, box, mark, make('span', {}, name));
      if (kind === 'runs') {
        label.addEventListener('pointerenter', () => this.charts.forEach(chart => chart.emphasize({ run: key })));
        label.addEventListener('pointerleave', () => this.charts.forEach(chart => chart.emphasize(null)));
      }
      return label;
    }

    makeButton(text, kind, keys, list) {
      const button = make('button', { type: 'button' }, text);
      button.addEventListener('click', () => {
        this.state[kind].clear();
        keys.forEach(key => this.state[kind].add(key));
        list.querySelectorAll('input').forEach(box => { box.checked = keys.length > 0; });
        this.render();
      });
      return button;
    }

    render() {
      this.charts.forEach(chart => chart.render());
    }
  }

  function makeCharts(place, all) {
    const state = { runs: new Set(), splits: new Set() };
    const charts = all.charts.map(data => new Chart(data, all, state));
    const legend = new Legend(all, state, charts);
    place.classList.replace('paper', 'live');
    place.replaceChildren(make('div', {}, ...charts.map(chart => chart.figure)), legend.make());
    let width = 0;
    new ResizeObserver(() => {
      if (place.clientWidth !== width) {
        width = place.clientWidth;
        legend.render();
      }
    }).observe(place);
  }

  document.querySelectorAll('table.sortable').forEach(makeSortable);
  const curves = document.getElementById('curve-data');
  if (curves) {
    makeCharts(document.getElementById('charts'), JSON.parse(curves.textContent));
  }
})();
