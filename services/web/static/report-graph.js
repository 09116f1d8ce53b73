// The graph of a report is drawn from the table below it: the first of its figures, its colours,
// and where each number leads.
(() => {
  const MOST_GROUPS = 40;
  const UNITS = { share: (value) => `${Math.round(value * 100)} %`, hours: "{value} h" };
  const { styleOf, variable, inkOf } = graphFrame;

  const shortened = (text) => (text.length > 26 ? `${text.slice(0, 25)}…` : text);
  // Between two colours written as #rrggbb: 0 is the one, 1 the other.
  const mixed = (one, other, share) => {
    const [from, to] = [parts(one), parts(other)];
    return from.map((part, place) => Math.round(part + (to[place] - part) * share));
  };
  const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  // As WCAG reckons how bright a colour is, and so how well text on it reads.
  const brightness = (rgb) => rgb.map((part) => (part / 255) ** 2.2).reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [brightness(one), brightness(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const readable = (ground, colours) => colours.reduce((best, one) => (contrast(parts(one), ground) > contrast(parts(best), ground) ? one : best));
  const point = (cell) => ({
    value: cell?.dataset.value === undefined ? null : Number(cell.dataset.value),
    text: cell?.textContent.trim() ?? "",
    address: cell?.querySelector("a")?.href ?? null,
  });

  // {groups: [name], series: [{name, colour, points}]}: a series for each group of columns, or one.
  const read = (table) => {
    const rows = [...table.tBodies[0].rows].slice(0, MOST_GROUPS);
    const drawn = table.dataset.drawn;
    const parts = [...table.tHead.querySelectorAll("[data-part]")];
    const cell = (row, part) => row.querySelector(`td[data-figure="${drawn}"]${part === null ? ":not([data-part])" : `[data-part="${part}"]`}`);
    const series = parts.map((head, place) => ({
      name: head.dataset.part,
      colour: styleOf(head.querySelector(".cw-swatch")).backgroundColor,
      points: rows.map((row) => point(cell(row, place))),
    }));
    const whole = { name: table.dataset.whole, colour: variable("--cw-accent"), points: rows.map((row) => point(cell(row, null))) };
    return { groups: rows.map((row) => row.dataset.group), series: series.length ? series : [whole] };
  };

  const namesAxis = (groups, ink) => ({ type: "category", data: groups, axisLine: { lineStyle: { color: ink.line } }, axisTick: { show: false }, axisLabel: { color: ink.muted, formatter: shortened, hideOverlap: true } });

  const axes = ({ groups, series }, ink, shape, lying) => {
    const values = { type: "value", splitLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.muted, formatter: UNITS[ink.sort] } };
    if (ink.sort === "number") values.minInterval = 1; // there is no half a case
    const names = namesAxis(groups, ink);
    return {
      grid: { left: 8, right: 36, top: 24, bottom: 8, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? { ...names, inverse: true } : values,
      series: series.map((one) => ({
        type: shape === "line" ? "line" : "bar",
        name: one.name,
        cursor: "pointer",
        stack: shape === "stacked" ? "all" : undefined,
        barMaxWidth: 44,
        symbolSize: 8,
        connectNulls: true,
        lineStyle: { color: one.colour, width: 2 },
        itemStyle: { color: one.colour },
        label: { show: series.length === 1, position: lying ? "right" : "top", color: ink.muted, formatter: ({ data }) => data.text },
        data: one.points,
      })),
    };
  };

  // Rows by columns: bars of one length side by side, the darker the larger the number.
  const heat = ({ groups, series }, ink) => {
    const most = Math.max(...series.flatMap((one) => one.points.map(({ value }) => value ?? 0)), 0) || 1;
    const cellOf = (found) => {
      const strength = found.value ? 0.12 + 0.88 * (found.value / most) : 0;
      const ground = mixed(ink.ground, ink.accent, strength);
      return { ...found, value: 1, itemStyle: { color: `rgb(${ground.join(",")})` }, label: { show: Boolean(found.value), color: readable(ground, [ink.text, ink.ground, "#ffffff"]) } };
    };
    const hidden = { type: "value", min: 0, max: series.length, show: false };
    const heads = { ...namesAxis(series.map((one) => one.name), ink), position: "top", axisLine: { show: false } };
    return {
      grid: { left: 8, right: 12, top: 8, bottom: 8, containLabel: true },
      xAxis: [hidden, heads],
      yAxis: { ...namesAxis(groups, ink), inverse: true, axisLine: { show: false } },
      series: [
        ...series.map((one) => ({
          type: "bar",
          name: one.name,
          stack: "all",
          cursor: "pointer",
          barCategoryGap: 2,
          itemStyle: { borderColor: ink.ground, borderWidth: 1 },
          label: { position: "inside", formatter: ({ data }) => data.text },
          data: one.points.map(cellOf),
        })),
        { type: "bar", xAxisIndex: 1, data: [] },
      ],
    };
  };

  const heightOf = (shape, lying, { groups, series }) => {
    if (shape === "heat") return Math.max(160, groups.length * 32 + 50);
    return lying ? Math.max(200, groups.length * (shape === "bar" ? 14 + 14 * series.length : 30) + 50) : 340;
  };

  graphFrame(".cw-graph.is-report", "report", (table, element) => {
    const { shape } = element.dataset;
    const found = read(table);
    const lying = shape !== "line" && (element.clientWidth < 600 || found.groups.length > 8);
    const ink = { ...inkOf(), sort: table.dataset.sort };
    return {
      height: heightOf(shape, lying, found),
      options: shape === "heat" ? heat(found, ink) : axes(found, ink, shape, lying),
    };
  });
})();
