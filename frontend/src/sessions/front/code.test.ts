import { expect, test } from "vitest";

import { formatCode } from "./code";

test.each([
  ["qmvthzkewrpd", "qmvt-hzke-wrpd"],
  ["QMVT hzke WRPD", "qmvt-hzke-wrpd"],
  ["qmvth", "qmvt-h"],
  ["https://nonza.example/session/qmvt-hzke-wrpd/", "qmvt-hzke-wrpd"],
  ["nonza.example/session/qmvt-hzke-wrpd?from=mail#x", "qmvt-hzke-wrpd"],
  ["", ""],
])("%s is written as %s", (typed, code) => {
  expect(formatCode(typed)).toBe(code);
});
