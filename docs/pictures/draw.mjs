#!/usr/bin/env node
// Draws the pictures of docs/explanation/bonding.md: node docs/pictures/draw.mjs
// Times are those of a small model, in milliseconds: two links, 10 and 40 ms one way, five of seven packets over the
// fast one.
import { writeFileSync } from "node:fs";

const FAST = { name: "fast", delay: 10 };
const SLOW = { name: "slow", delay: 40 };
const MARGIN = 20;

const STYLE = `
  .paper { fill: #fbfcfc; } text { fill: #1b2a2a; font: 13px system-ui, sans-serif; } .soft { fill: #526464; }
  .small { font-size: 11px; } .on { fill: #fff; font-weight: 600; font-size: 11px; text-anchor: middle; }
  .fast { --c: #0b6e6e; } .slow { --c: #b0530a; } .call { --c: #5b4bc4; } .lost { --c: #b3261e; }
  .fast, .slow, .call, .lost { stroke: var(--c); fill: none; stroke-width: 1.6; }
  .dot { fill: var(--c); stroke: none; } .again { stroke-dasharray: 5 3; } .wait { stroke: #8a9a9a; stroke-width: 1.2; }
  .axis { stroke: #c4d0d0; stroke-width: 1.2; } .box { fill: #eef3f3; stroke: #c4d0d0; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #121a1a; } text { fill: #e4eded; } .soft { fill: #9db0b0; } .on { fill: #0c1212; }
    .fast { --c: #5cc5c0; } .slow { --c: #f0a35e; } .call { --c: #a99bf5; } .lost { --c: #ff8a80; }
    .wait { stroke: #70858a; } .axis { stroke: #33464a; } .box { fill: #1b2728; stroke: #33464a; }
  }`;

/** What a picture says to whoever does not see it stands in its title and, longer, in the document. */
function picture(file, title, width, height, parts) {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${title}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="10"/>`,
    ...parts.flat(),
    "</svg>",
  ];
  writeFileSync(new URL(file, import.meta.url), `${lines.join("\n")}\n`);
}

const text = (x, y, said, kind = "") => `<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${said}</text>`;
const line = (x1, y1, x2, y2, kind) => `<path class="${kind}" d="M${x1} ${y1}L${x2} ${y2}"/>`;
const packet = (x, y, number, kind) => [
  `<g class="${kind}"><circle class="dot" cx="${x}" cy="${y}" r="8"/></g>`,
  text(x, y + 4, number, "on"),
];
const lane = (y, width, said) => [line(120, y, width - MARGIN, y, "axis"), text(MARGIN, y + 4, said)];

/** What is sent when, over which link: the third and the sixth of seven over the slow one. */
function sent(count, every) {
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    at: index * every,
    link: [2, 5].includes(index % 7) ? SLOW : FAST,
  }));
}

function order() {
  const [width, scale, x0] = [760, 8.2, 140];
  const x = (ms) => (x0 + ms * scale).toFixed(1);
  const [top, middle, bottom] = [60, 150, 240];
  const packets = sent(8, 3);
  const call = { at: 25.5, link: FAST };
  const below = packets.map(({ number, at, link }) => {
    const [arrived, due] = [at + link.delay, at + SLOW.delay];
    return [
      line(x(at), top, x(arrived), middle, link.name),
      line(x(arrived), middle, x(due), bottom, "wait"),
      packet(x(at), top, number, link.name),
      packet(x(arrived), middle, number, link.name),
      packet(x(due), bottom, number, link.name),
    ];
  });
  const arrived = call.at + call.link.delay;
  picture("order.svg", "Packets overtake each other and are put in order", width, 300, [
    lane(top, width, "sent"),
    lane(middle, width, "arrived"),
    lane(bottom, width, "handed on"),
    below.flat(2),
    line(x(call.at), top, x(arrived), middle, "call"),
    line(x(arrived), middle, x(arrived), bottom, "call"),
    packet(x(call.at), top, "c", "call"),
    packet(x(arrived), bottom, "c", "call"),
    text(x0, 28, "3 and 6 go over the slow link (40 ms), the others over the fast one (10 ms).", "soft"),
    text(x0, 283, "Bulk packets are equally late and in order; c, of a call, waits for nobody.", "soft"),
  ]);
}

function choice() {
  const width = 760;
  const row = (y, kind, name, queue, delay) => {
    const [x, scale] = [480, 5];
    const end = x + (queue + delay) * scale;
    return [
      `<g class="${kind}"><rect class="dot" x="${x}" y="${y}" width="${queue * scale}" height="16" opacity="0.45"/>`,
      `<rect class="dot" x="${x + queue * scale}" y="${y}" width="${delay * scale}" height="16"/></g>`,
      text(x, y - 6, `${name}: ${queue} ms of its queue, then ${delay} ms`, "small"),
      text(end + 6, y + 13, `${queue + delay} ms`, "small"),
    ];
  };
  const queue = Array.from({ length: 7 }, (_, index) => packet(70 + 24 * index, 105, index + 1, "wait-in fast"));
  const run = (y, kind, numbers, said) => [
    `<path class="${kind}" d="M225 105C255 105 250 ${y} 280 ${y}H300"/>`,
    numbers.map((number, index) => packet(312 + 18 * index, y, number, kind)),
    text(304, y + 26, said, "small soft"),
  ];
  picture("choice.svg", "How a packet gets its path", width, 210, [
    text(MARGIN, 30, "Bulk: a path takes what its pace allows"),
    text(480, 30, "Sparse: the path where it arrives first"),
    `<rect class="box" x="${50}" y="88" width="178" height="34" rx="8"/>`,
    text(50, 140, "one queue, in the agent", "small soft"),
    queue.flat(2),
    run(72, "fast", [1, 2, 4, 5], "50 Mbit/s: often").flat(2),
    run(140, "slow", [3], "20 Mbit/s: seldom").flat(2),
    row(62, "fast", "fast link", 6, 10),
    row(112, "slow", "slow link", 1, 40),
    text(480, 168, "A ping takes the fast link all the same.", "small soft"),
    text(480, 186, "A copy over the second best, if that is cheap.", "small soft"),
  ]);
}

function unplug() {
  const [width, scale, x0] = [760, 12, 140];
  const x = (ms) => (x0 + ms * scale).toFixed(1);
  const [top, bottom] = [90, 220];
  const [pulled, suspect] = [10.5, 19];
  const packets = sent(9, 3).map((each) => ({ ...each, link: each.at > suspect ? FAST : each.link }));
  const isLost = ({ link, at }) => link === SLOW && at + link.delay > pulled;
  const lost = packets.filter(isLost);
  const drawn = packets.map((each) => {
    const { number, at, link } = each;
    const share = isLost(each) ? Math.max(0.18, (pulled - at) / link.delay) : 1;
    const [endX, endY] = [x(at + link.delay * share), top + (bottom - top) * share];
    return [
      line(x(at), top, endX, endY, link.name),
      packet(x(at), top, number, link.name),
      isLost(each)
        ? `<path class="lost" d="M${endX - 5} ${endY - 5}l10 10m0 -10l-10 10"/>`
        : packet(endX, bottom, number, link.name),
    ];
  });
  const again = lost.map(({ number }, index) => {
    const at = suspect + 0.5 + 3 * index;
    return [
      line(x(at), top, x(at + FAST.delay), bottom, "fast again"),
      packet(x(at), top, number, "fast"),
      packet(x(at + FAST.delay), bottom, number, "fast"),
    ];
  });
  picture("unplug.svg", "A link is unplugged, and what was on its way goes again over the other", width, 290, [
    lane(top, width, "sent"),
    lane(bottom, width, "arrived"),
    line(x(pulled), 46, x(pulled), bottom + 16, "lost again"),
    text(x(pulled) - 70, 38, "the slow link is unplugged", "small"),
    line(x(suspect), 46, x(suspect), bottom + 16, "wait again"),
    text(x(suspect), 38, "noticed: the path is suspect", "small"),
    drawn.flat(2),
    again.flat(2),
    text(x0, 272, "3 and 6 go again at once, with the numbers they had. What follows uses the fast link.", "soft"),
  ]);
}

order();
choice();
unplug();
