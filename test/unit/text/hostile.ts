/** Names as a hostile file may give them, by what they try. */
export const HOSTILE: Readonly<Record<string, string>> = {
  escape: 'a\x1b[2J\x1b]0;owned\x07b',
  c1: 'a\x9b31mb\x85c',
  newline: 'conv\n  node forged: Relu\r\nwarning: forged',
  separators: 'a\u2028b\u2029c',
  bidi: 'abc\u202egpj.\u2066exe\u2069\u200f',
  formula: "=1+cmd|' /C calc'!A0",
  minus: "-2+3+cmd|' /C calc'!A0",
  plus: '+1+1',
  at: '@SUM(1+9)*cmd|x',
  tab: '\t=1+1',
  return: '\r=1+1',
  wide: '\uff1d1+1',
  markdown: 'a|b`c`<img src=x onerror=alert(1)>[x](javascript:alert(1))*d*_e_ \\| $x$',
  markup: '</td></text><script>alert(1)</script>"\'&amp;',
  nul: 'a\0b\ufffe',
  quote: '"a","b"',
};

/** Characters that may not leave: they move the cursor, draw nothing, or turn the direction. A line's own end is not looked at. */
export const UNSEEN = /[\p{Cs}\ufffe\ufeff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u;
