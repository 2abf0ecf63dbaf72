"""Strings that have broken other products: what looks like markup, script or code, or deceives the eye.

Each markup one calls `nastyRan` if a browser takes it for more than text.
"""

# ruff: noqa: RUF001 -- deceiving letters are what this is about

RUN = "nastyRan(1)"

MARKUP = (
    f"<script>{RUN}</script>",
    f"<script src=data:,{RUN}></script>",
    f"<img src=x onerror={RUN}>",
    f"<img src='x' onerror='{RUN}' alt=\"",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href='java&#10;script:{RUN}'>x</a>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<template><script>{RUN}</script></template>",
    f"<plaintext><script>{RUN}</script>",
    f"<xmp><p title='</xmp><svg onload={RUN}>'>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus='{RUN}",
    f"`onmouseover={RUN}`",
    f"</textarea><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><svg onload={RUN}>",
    f"--></script><script>{RUN}//",
    "<style>*{display:none!important}</style>",
    "<link rel=stylesheet href=//elsewhere.example/x.css>",
    "<base href=//elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example/'>",
    "<marquee>x</marquee><b>bold</b>",
    f"<div hx-get=/healthz hx-trigger=load hx-on::after-request='{RUN}'>x</div>",
    f"<div data-hx-on:click='{RUN}' hx-vals='js:{{x:{RUN}}}' hx-trigger=load hx-post=/x>x</div>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"\\x3cimg src=x onerror={RUN}\\x3e",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"#{{{RUN}}}",
    f"';{RUN};//",
    f'\\";{RUN};//',
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}//https://example.org",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
)

MARKDOWN = (
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt:{RUN})",
    f"[x]( javascript:{RUN})",
    f"[x](javascript&colon;{RUN})",
    "[x](data:text/html;base64,PHNjcmlwdD5uYXN0eVJhbigxKTwvc2NyaXB0Pg==)",
    f"[x](vbscript:{RUN})",
    f'[x](https://example.org/"onmouseover="{RUN})',
    f"[x](https://example.org 'x' onclick={RUN})",
    f"[<img src=x onerror={RUN}>](https://example.org)",
    f'![x](https://elsewhere.example/x.png"onerror="{RUN})',
    f"![x](javascript:{RUN})",
    f"<https://example.org/><script>{RUN}</script>",
    f'https://example.org/"onmouseover="{RUN}',
    f"https://example.org/<script>{RUN}</script>",
    f"https://example.org/'-{RUN}-'",
    "https://bank.example@elsewhere.example/",
    "[https://bank.example](https://elsewhere.example)",
    "https://xn--pple-43d.example/ and https://\u0430pple.example/",
    f"**<script>{RUN}</script>**",
    f"*x* _y_ `<img src=x onerror={RUN}>` ~~z~~",
    f"```html\n<script>{RUN}</script>\n```",
    f'```" onmouseover="{RUN}\n```',
    f"> <svg onload={RUN}>",
    f"- <svg onload={RUN}>\n- x\n1. y",
    f"# <img src=x onerror={RUN}>",
    f"[a]: javascript:{RUN}\n[a]",
    f"@<script>{RUN}</script>",
    "@all @everyone @here",
    "*" * 400 + "x" + "*" * 400,
    "[" * 1000,
    "> " * 700 + "deep",
    "`" * 999,
    "_*" * 500,
)

CODE = (
    "undefined", "null", "NULL", "None", "nil", "true", "NaN", "Infinity", "-1", "1e1000", "0x0", "1/0",
    "__proto__", "constructor", "hasOwnProperty", "then", "[object Object]", "\\", "\\\\", "\\'", '"""',
    "' OR 1=1 --", "Robert'); DROP TABLE chat_message; --", "1; SELECT pg_sleep(0)", "%", "_", "%_%", "\\%",
    "%s%s%s%n", "%(text)s", "%d", "{0}", "{text}", "{{ settings.SECRET_KEY }}", "{% csrf_token %}",
    "{{7*7}}", "$(touch /tmp/x)", "`id`", "| cat /etc/passwd", "../../../../etc/passwd", "file:///etc/passwd",
    "C:\\Windows\\x", "x\r\nSet-Cookie: a=b", "=1+1", "@SUM(1)", "-->", "]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", 'log chat x 1 {"event":"x"}', "close 4403",
    "foo & bar | !baz <-> qux:*", "'quoted' & 'half", "a:b:c\\", "(((", '"open', "-minus", "AND OR NOT",
)  # fmt: skip

LETTERS = (
    "Ω≈ç√∫˜µ≤≥÷", "ÅÍÎÏ˝ÓÔÒÚÆ☃", "田中さんにあげて下さい", "사회과학원", "хорошо, спасибо", "مرحبا بالعالم",
    "שלום עולם", "ไทย กขค", "Ｔｈｅ ｑｕｉｃｋ", "𝐓𝐡𝐞 𝒒𝒖𝒊𝒄𝒌", "İstanbul ıI", "ß ẞ ſ ﬁ", "ﷺ", "Z̧̡͙̰͆̾ȃ̷̢l̸̙g̶͔o̶͓",
    "👩‍👩‍👧‍👦 👍🏽 🇫🇮 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\U0001fae0\U0001f6dc", "(╯°□°)╯︵ ┻━┻", "a" * 2000, "ж" * 1500,
    "\uffff\ufffe", "\ue000\uf8ff", "\U000e0041\U000e0042", "\ufeffBOM", "x\u00adsoft\u00adhyphen",
    "line\u2028separator\u2029paragraph", "tab\tand\nnewline", "\u3164\u115f\u1160",
    "e" + "\u0300" * 60, "\u2800", "x\u0085next",
)  # fmt: skip

# Trojan Source and its like: what the eye reads is not what is written.
DECEIVING = (
    "access\u202etxt.exe", "\u202dleft\u202c", "\u2066isolated\u2069", "\u2067rtl\u2069 \u2068first\u2069",
    "/*\u202e } \u2066if (is_admin)\u2069 \u2066 begin */", "return\u2067;\u2069", "\u200fright\u200eleft",
    "\u061carabic mark", "zero\u200bwidth\u200cnon\u200djoiner", "word\u2060joiner", "\u034fgrapheme",
    "раypal and \u0440\u0430\u0443\u0440\u0430l", "Ηost ΗΟST", "v\u200bоte", "\u202a\u202b\u202c\u202d\u202e",
)  # fmt: skip

CONTROLS = (
    "nul\x00byte", "bell\x07", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "back\x08space", "delete\x7f",
    "c1\x9b31m", "\x01\x02\x03\x04", "form\x0cfeed", "vertical\x0btab", "a\r\nb\rc",
)  # fmt: skip

ALL = (*MARKUP, *MARKDOWN, *CODE, *LETTERS, *DECEIVING, *CONTROLS)
# Of the marks that reorder what is read, and of the controls, none may be shown.
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
