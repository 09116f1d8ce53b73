// The graph is drawn from the table below it: its numbers, its colours, and where they lead.
(() => {
  const MOST_BARS = 30;
  const { styleOf, variable, inkOf } = graphFrame;

  const number = (cell) => Number(cell.textContent.trim() || 0);
  const address = (cell) => cell.querySelector("a")?.href ?? null;

  // [{name, colour, cells: [{value, address, colour}]}], one for each series; and the groups' names.
  const read = (table) => {
    const rows = [...table.tBodies[0].rows].slice(0, MOST_BARS);
    const heads = [...table.tHead.rows[0].querySelectorAll("[data-part]")];
    const cellOf = (row, place) => {
      const cell = row.cells[place];
      const swatch = row.querySelector(".cw-swatch");
      return { value: number(cell), address: address(cell), colour: swatch && styleOf(swatch).backgroundColor };
    };
    const series = heads.map((head, place) => ({
      name: head.dataset.part,
      colour: styleOf(head.querySelector(".cw-swatch")).backgroundColor,
      cells: rows.map((row) => cellOf(row, place + 1)),
    }));
    const whole = { name: table.tHead.rows[0].lastElementChild.textContent.trim(), colour: variable("--cw-accent"), cells: rows.map((row) => cellOf(row, row.cells.length - 1)) };
    return { groups: rows.map((row) => row.dataset.group), series: series.length ? series : [whole], whole };
  };

  const point = (cell, colour) => ({ value: cell.value, address: cell.address, itemStyle: colour ? { color: colour } : undefined });
  const shortened = (text) => (text.length > 22 ? `${text.slice(0, 21)}…` : text);

  const pie = ({ groups, whole }, ink) => ({
    series: [{
      type: "pie",
      radius: ["38%", "72%"],
      cursor: "pointer",
      itemStyle: { borderColor: ink.ground, borderWidth: 2 },
      label: { color: ink.text, formatter: "{b}: {c}" },
      data: whole.cells.map((cell, place) => ({ name: shortened(groups[place]), ...point(cell, cell.colour ?? ink.palette[place % ink.palette.length]) })),
    }],
  });

  const axes = ({ groups, series }, ink, shape, narrow) => {
    const line = { lineStyle: { color: ink.line } };
    const names = { type: "category", data: groups, axisLine: line, axisTick: { show: false }, axisLabel: { color: ink.muted, formatter: shortened, hideOverlap: true } };
    const values = { type: "value", minInterval: 1, splitLine: line, axisLabel: { color: ink.muted } };
    const lying = shape === "bar" && (narrow || groups.length > 8); // names have room beside bars that lie
    return {
      grid: { left: 8, right: 28, top: 20, bottom: 8, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? { ...names, inverse: true } : values,
      series: series.map((one) => ({
        type: shape,
        name: one.name,
        cursor: "pointer",
        stack: shape === "bar" ? "all" : undefined,
        barMaxWidth: 44,
        symbolSize: 8,
        lineStyle: { color: one.colour, width: 2 },
        itemStyle: { color: one.colour },
        label: { show: series.length === 1, position: lying ? "right" : "top", color: ink.muted },
        data: one.cells.map((cell) => point(cell, series.length === 1 && shape === "bar" ? cell.colour : null)),
      })),
    };
  };

  graphFrame(".cw-graph", "counts", (table, element) => {
    const { shape } = element.dataset;
    const found = read(table);
    const narrow = element.clientWidth < 600;
    const swatches = [...table.querySelectorAll("tbody .cw-swatch")].map((swatch) => styleOf(swatch).backgroundColor);
    const probes = [0, 1, 2, 3, 4, 5, 6, 7].map((place) => variable(`--cw-graph-${place}`));
    const ink = { ...inkOf(), palette: swatches.length ? swatches : probes };
    const lying = shape === "bar" && (narrow || found.groups.length > 8);
    return {
      height: lying ? Math.max(200, found.groups.length * 30 + 50) : 340,
      options: shape === "pie" ? pie(found, ink) : axes(found, ink, shape, narrow),
    };
  });
})();
