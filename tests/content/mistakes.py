"""The mistakes that people make who have never heard of YAML's grammar, and what they are told, to the letter."""

from __future__ import annotations

# A good entry, and a guide of two steps.
BULLETS = """\
title: Reset a password
phrasings:
  - I forgot my password
  - how do I reset it
  - my password has expired
answer: Open the portal.
"""
GUIDE = (
    "steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: resolved}, {label: z, goto: b}]},"
    " b: {say: y, options: [{label: ok, end: resolved}]}}}\n"
)

# What of the good entry was written, "" for its end and None for the whole; what instead; what is told of it.
MISTAKES: tuple[tuple[str | None, str, str], ...] = (
    # The colon forgotten.
    (
        "title: R",
        "title R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # No blank after it.
    (
        "title: R",
        "title:R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title:Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # An equals sign for it.
    (
        "title: R",
        "title = R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title = Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # A semicolon for it.
    (
        "title: R",
        "title; R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title; Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # A dash for it.
    (
        "title: R",
        "title - R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title - Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # A whole file with a semicolon for it.
    (
        None,
        "title; Reset a password\n",
        "1:1 KB006 error  text `title; Reset a password` where keys are expected -> write `title: Reset a password`",
    ),
    # The colon of another keyboard.
    (
        "title: R",
        "title\uff1a R",
        "1:1 KB002 error  this is not YAML: a line without `: ` in `title\uff1a Reset a password` -> write "
        "`title: Reset a password`",
    ),
    # A whole file without one.
    (
        None,
        "title Reset a password\n",
        "1:1 KB006 error  text `title Reset a password` where keys are expected -> write `title: Reset a password`",
    ),
    # The colon of a list's key forgotten.
    (
        "phrasings:",
        "phrasings",
        "2:1 KB002 error  this is not YAML: a line without `: ` in `phrasings` -> write `phrasings:`",
    ),
    # A dash without a blank.
    (
        "  - how",
        "  -how",
        "4:3 KB002 error  this is not YAML: a `-` without a blank after it in `-how do I reset it` -> "
        "write `- how do I reset it`",
    ),
    # An item too far left.
    (
        "  - how",
        " - how",
        "4:2 KB002 error  this is not YAML: an item out of line in `- how do I reset it` -> line it up "
        "with the items above it",
    ),
    # An item too far right.
    (
        "  - how",
        "    - how",
        "4:5 KB031 error  `- how do I reset it` is read as part of the text above it -> line it up with "
        "the item above it",
    ),
    # A dash forgotten.
    (
        "  - how do",
        "  how do",
        "4:3 KB002 error  this is not YAML: a line without `- ` in a list in `how do I reset it` -> "
        "write `- how do I reset it`",
    ),
    # Bullets of a word processor for all items.
    (
        None,
        BULLETS.replace("-", "\u2022"),
        "3:3 KB031 error  the lines from `\u2022 I forgot my password` on are read as one text -> begin each line "
        "with `- ` in place of `\u2022`, as in `- I forgot my password`; a text of several lines begins with `|` "
        "after its key",
    ),
    # Long dashes for all items.
    (
        None,
        BULLETS.replace("-", "\u2013"),
        "3:3 KB031 error  the lines from `\u2013 I forgot my password` on are read as one text -> begin each line "
        "with `- ` in place of `\u2013`, as in `- I forgot my password`; a text of several lines begins with `|` "
        "after its key",
    ),
    # Numbers for all items.
    (
        None,
        BULLETS.replace("- I", "1. I").replace("- how", "2. how").replace("- my", "3. my"),
        "3:3 KB031 error  the lines from `1. I forgot my password` on are read as one text -> begin each line with "
        "`- ` in place of `1.`, as in `- I forgot my password`; a text of several lines begins with `|` after its key",
    ),
    # Stars for all items.
    (
        None,
        BULLETS.replace("-", "*"),
        "3:3 KB002 error  this is not YAML: a `*` with a blank after it in `* I forgot my password` -> a list has "
        "`- ` before each item: write `- I forgot my password`; a text in stars needs quotes",
    ),
    # A bullet for one item.
    (
        "  - how",
        "  \u2022 how",
        "4:3 KB002 error  this is not YAML: a line without `- ` in a list in `\u2022 how do I reset it` -> write "
        "`- how do I reset it`",
    ),
    # A bullet for one item, further in.
    (
        "  - how",
        "    \u2022 how",
        "4:5 KB031 error  `\u2022 how do I reset it` is read as part of the text above it -> write "
        "`- how do I reset it`; a text of several lines begins with `|` after its key",
    ),
    # A bullet for the only item.
    (
        "",
        "follow_ups:\n  \u2022 c/other\n",
        "8:3 KB006 error  text `\u2022 c/other` where a list is expected -> begin each line with `- ` in place of "
        "`\u2022`: `- c/other`",
    ),
    # Bullets in a text without `|`.
    (
        "Open the portal and choose *Forgot password*.",
        "Do this\n  \u2022 open it\n  \u2022 close it",
        "7:3 KB031 error  `\u2022 open it` is read as part of the text above it -> in a list write `- open it`; a text "
        "of several lines begins with `|` after its key",
    ),
    # Steps in a text without `|`.
    (
        "Open the portal and choose *Forgot password*.",
        "Do this\n  1. open it\n  2. close it",
        "7:3 KB031 error  the lines from `1. open it` on are read as one text -> begin each line with `- ` in place of "
        "`1.`, as in `- open it`; a text of several lines begins with `|` after its key",
    ),
    # No dashes at all.
    (
        None,
        BULLETS.replace("- ", ""),
        "3:3 KB032 warning `I forgot my password how do I reset it my password has expi\u2026` is read as one phrasing "
        "-> begin each line with `- `; if it is one text, put it in quotes",
    ),
    # Commas for dashes.
    (
        None,
        "title: Reset a password\nphrasings: I forgot it, how do I reset it\nanswer: Open the portal.\n",
        "2:12 KB032 warning `I forgot it, how do I reset it` is read as one phrasing -> several are written as a list: "
        "[I forgot it, how do I reset it]; if it is one text, put it in quotes",
    ),
    # An item forgotten.
    (
        "  - how do I reset it",
        "  - ",
        "4:4 KB008 error  nothing is written where text should be -> fill it in, or remove the line",
    ),
    # A list in the line of its key.
    (
        "phrasings:\n  - I forgot",
        "phrasings: - I forgot",
        "2:12 KB002 error  this is not YAML: a list in the line of its key in `phrasings: - I forgot my "
        "password` -> begin a list on a line of its own; a text that begins with `- ` needs quotes",
    ),
    # A key too far right.
    (
        "answer:",
        " answer:",
        "6:2 KB002 error  this is not YAML: a key out of line in `answer: Open the portal and choose "
        "*Forgot password*.` -> line it up with the other keys",
    ),
    # The first key too far right.
    (
        "title:",
        " title:",
        "1:2 KB002 error  this is not YAML: a key further in than those below it in `title: Reset a "
        "password` -> begin it at the left edge, as the keys below",
    ),
    # A colon in a text.
    (
        "Reset a password",
        "Reset: a password",
        "1:13 KB002 error  this is not YAML: a second `: ` in `title: Reset: a password` -> a text with "
        '`: ` in it needs quotes: `title: "Reset: a password"`',
    ),
    # A colon in an item.
    (
        "how do I reset it",
        "Error: it broke",
        "4:5 KB006 error  the key `Error` where text is expected -> a text with `: ` in it needs "
        'quotes: `"Error: it broke"`',
    ),
    # Two of them.
    (
        "how do I reset it",
        "Error: code: 5",
        "4:16 KB002 error  this is not YAML: a second `: ` in `- Error: code: 5` -> a text with `: ` in "
        'it needs quotes: `- "Error: code: 5"`',
    ),
    # An apostrophe in single quotes.
    (
        "Reset a password",
        "'Don't panic'",
        "1:13 KB002 error  this is not YAML: text behind a closing quote in `title: 'Don't panic'` -> "
        'put the whole text in quotes: `title: "Don\'t panic"`',
    ),
    # Quotes in double quotes.
    (
        "Reset a password",
        '"The "portal" page"',
        '1:14 KB002 error  this is not YAML: text behind a closing quote in `title: "The "portal" '
        'page"` -> put the whole text in quotes: `title: \'The "portal" page\'`',
    ),
    # A quoted word at the start.
    (
        "Reset a password",
        '"Save" does nothing',
        '1:15 KB002 error  this is not YAML: text behind a closing quote in `title: "Save" does '
        "nothing` -> put the whole text in quotes: `title: '\"Save\" does nothing'`",
    ),
    # A quote never closed.
    (
        "Reset a password",
        '"Reset a password',
        '1:8 KB002 error  this is not YAML: an open quote in `title: "Reset a password` -> the quote '
        "that opens here is never closed: close it, or leave it out",
    ),
    # One closed by an apostrophe far below.
    (
        "title: Reset a password\n",
        "title: 'Reset a password\nnotes: It's new.\n",
        "1:8 KB002 error  this is not YAML: an open quote in `title: 'Reset a password` -> the quote "
        "that opens here is never closed: close it, or leave it out",
    ),
    # Quotes from a word processor.
    (
        "Reset a password",
        "\u201cReset: now\u201d",
        "1:14 KB002 error  this is not YAML: a second `: ` in `title: \u201cReset: now\u201d` -> a text with `: ` "
        "in it needs quotes; curly quotes do not count: use straight ones",
    ),
    # A handle.
    (
        "",
        "owner: @it-team\n",
        "7:8 KB002 error  this is not YAML: a text that begins with `@` in `owner: @it-team` -> a text "
        'that begins with `@` needs quotes: `owner: "@it-team"`',
    ),
    # Code at the start.
    (
        "Open the portal",
        "`reset` does it, or",
        "6:9 KB002 error  this is not YAML: a text that begins with a backtick in `answer: 'reset' does "
        "it, or and choose *Forgot password*.` -> a text that begins with a backtick needs quotes",
    ),
    # Bold at the start.
    (
        "Open the portal",
        "**Open** it",
        "6:9 KB002 error  this is not YAML: a text that begins with `*` in `answer: **Open** it and "
        'choose *Forgot password*.` -> a text that begins with `*` needs quotes: `answer: "**Open** it '
        'and choose *Forgot password*."`',
    ),
    # A percent sign.
    (
        "Open the portal",
        "%TEMP%",
        "6:9 KB002 error  this is not YAML: a text that begins with `%` in `answer: %TEMP% and choose "
        '*Forgot password*.` -> a text that begins with `%` needs quotes: `answer: "%TEMP% and choose '
        '*Forgot password*."`',
    ),
    # A word with `!`.
    (
        "Open the portal and choose *Forgot password*.",
        "!important",
        "6:9 KB010 error  tag `!important` -> to begin a text with `!`, put it in quotes",
    ),
    # A Markdown link at the start.
    (
        "Open the portal",
        "[Portal](https://x.example) opens",
        "6:17 KB002 error  this is not YAML: text behind a closing bracket in `answer: "
        "[Portal](https://x.example) opens and choose *Forgo…` -> a text that begins with a bracket "
        'needs quotes: `answer: "[Portal](https://x.example) opens and choose *Forg…`',
    ),
    # A variable at the start.
    (
        "Open the portal",
        "{{case.id}}",
        "6:21 KB002 error  this is not YAML: text behind a closing bracket in `answer: {{case.id}} and "
        "choose *Forgot password*.` -> a text that begins with a bracket needs quotes: `answer: "
        '"{{case.id}} and choose *Forgot password*."`',
    ),
    # A variable alone.
    (
        "Open the portal and choose *Forgot password*.",
        "{{case.id}}",
        "6:9 KB006 error  `{{case.id}}` where a text or a key is expected -> put a text that begins "
        "with `{` or `[` in quotes",
    ),
    # A text in the line of `|`.
    (
        "answer: Open",
        "answer: | Open",
        "6:11 KB002 error  this is not YAML: text in the line of `|` in `answer: | Open the portal and "
        "choose *Forgot password*.` -> after `|` begin the text on a new line; a text that begins with "
        "`|` needs quotes",
    ),
    # `>` for more than.
    (
        "answer: Open",
        "answer: > 5 GB, open",
        "6:11 KB002 error  this is not YAML: text in the line of `>` in `answer: > 5 GB, open the "
        "portal and choose *Forgot password…` -> after `>` begin the text on a new line; a text that "
        "begins with `>` needs quotes",
    ),
    # Several lines without `|`.
    (
        "answer: Open",
        "answer:\n  Note: this\n  Open",
        "8:3 KB002 error  this is not YAML: a line without `: ` in `Open the portal and choose *Forgot "
        "password*.` -> a key ends with `: `; a text of several lines begins with `|` after its key",
    ),
    # A text at the margin.
    (
        "answer: Open the portal",
        "answer: |\nOpen it\nand go",
        "7:1 KB002 error  this is not YAML: a text that stands no further in than its key in `Open it` "
        "-> begin each line of the text two blanks further in",
    ),
    # A list in a text without `|`.
    (
        "Open the portal and choose *Forgot password*.",
        "Do this\n  - open it\n  - close it",
        "7:3 KB031 error  `- open it` is read as part of the text above it -> a text of several lines "
        "begins with `|` after its key, a list on a line of its own",
    ),
    # A tab.
    ("  - how", "\t- how", "4:1 KB011 error  a tab -> use spaces"),
    # A blank from a web page.
    (
        "  - how",
        "\u00a0 - how",
        "4:1 KB002 error  a blank that YAML does not know (U+00A0) -> delete it, and type it anew",
    ),
    # A bare yes.
    ("how do I reset it", "yes", '4:5 KB007 error  YAML reads `yes` as true, not as text -> put it in quotes: "yes"'),
    # A bare number.
    (
        "how do I reset it",
        "404",
        '4:5 KB007 error  YAML reads `404` as a number, not as text -> put it in quotes: "404"',
    ),
    # A `#` at the start.
    (
        "Reset a password",
        "#1 problem",
        "1:7 KB008 error  nothing is written where text should be -> what follows `#` is left out: put "
        "it in quotes if it belongs to the text, or remove the key",
    ),
    # A `#` further on.
    (
        "Reset a password",
        "Printer #4 jams",
        "1:8 KB029 warning `Printer` ends at ` #` -> put the text in quotes if the `#` belongs to it; "
        "before a comment leave two blanks",
    ),
    # Nothing at all.
    (
        " Reset a password",
        "",
        "1:7 KB008 error  nothing is written where text should be -> fill it in, or remove the key",
    ),
    # The same key twice.
    ("", "title: Again\n", "7:1 KB004 error  `title` stands already in line 1 -> keep one of them"),
    # A letter forgotten.
    ("phrasings", "phrasing", "2:1 KB003 error  unknown key `phrasing` -> did you mean `phrasings`?"),
    # A capital letter.
    ("title", "Title", "1:1 KB003 error  unknown key `Title` -> did you mean `title`?"),
    # A key one level too high.
    ("", "any: [vpn]\n", "7:1 KB003 error  unknown key `any` -> it belongs under `keywords`, two blanks further in"),
    # A list of choices without brackets.
    (
        "",
        "audience: staff, customer\n",
        "7:11 KB020 error  `staff, customer` is not possible here -> several are written as a list: [staff, customer]",
    ),
    # A list of keywords without brackets.
    (
        "",
        "keywords:\n  any: vpn, wifi\n",
        "8:8 KB006 error  `vpn, wifi` is a single keyword -> several are written as a list: [vpn, wifi]",
    ),
    # A colon forgotten further in.
    ("", "keywords:\n  any [vpn]\n", "8:3 KB006 error  text `any [vpn]` where keys are expected -> write `any: [vpn]`"),
    # Keys forgotten.
    (
        "",
        "links: [https://help.example.com]\n",
        "7:9 KB006 error  text `https://help.example.com` where keys are expected -> write `key: value` "
        "lines: it needs `label`, `url`",
    ),
    # A capital in a choice.
    ("", "state: Live\n", "7:8 KB020 error  `Live` is not possible here -> did you mean `live`?"),
    # A day as people write it.
    ("", "review_by: 1.3.2027\n", "7:12 KB024 error  `1.3.2027` is not a date -> write year-month-day: 2027-03-01"),
    # A bracket never closed.
    (
        "",
        "audience: [staff, customer\n",
        "7:11 KB002 error  this is not YAML: a bracket that is never closed in `audience: [staff, "
        "customer` -> close the bracket; a text with `,` `: ` `[` or `{` in it needs quotes",
    ),
    # A bracket too many.
    (
        "",
        "audience: [staff]]\n",
        "7:18 KB002 error  this is not YAML: a bracket too many in `audience: [staff]]` -> take it out, "
        "or put the whole text in quotes",
    ),
    # A comma too many.
    (
        "",
        "audience: [staff,, customer]\n",
        "7:18 KB002 error  this is not YAML: nothing between two commas in `audience: [staff,, "
        "customer]` -> take one of them out",
    ),
    # A channel's name in brackets.
    (
        "",
        "channels: {allow: [#help]}\n",
        "7:19 KB002 error  this is not YAML: a bracket that is never closed in `channels: {allow: "
        "[#help]}` -> close the bracket, and put a text with `#` in quotes: otherwise the rest of the "
        "line is left out",
    ),
    # A path in double quotes.
    (
        "Open the portal and choose *Forgot password*.",
        '"See C:\\temp there."',
        "6:16 KB011 error  `\\t` in double quotes is a tab -> take it out; a backslash is written `\\\\` "
        "there, and in single quotes as it is",
    ),
    # A path that YAML knows no escape for.
    (
        "Open the portal and choose *Forgot password*.",
        '"See C:\\dir there."',
        '6:16 KB002 error  this is not YAML: a backslash in double quotes in `answer: "See C:\\dir '
        'there."` -> in double quotes a backslash is written `\\\\`; single quotes take it as it is',
    ),
    # A merge left open.
    (
        "answer:",
        "<<<<<<< HEAD\nanswer:",
        "6:1 KB002 error  this is not YAML: the mark of a merge that was left open in `<<<<<<< HEAD` -> "
        "keep one of the two versions, and take out the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
    ),
    # Two documents.
    ("", "---\ntitle: x\n", "8:1 KB002 error  a second document begins here -> remove the line `---`"),
    # An address without https.
    (
        "",
        "links: [{label: Portal, url: help.example.com}]\n",
        "7:30 KB044 error  `help.example.com` is no https link -> write `https://help.example.com`",
    ),
    # A file's name for an id.
    ("", "follow_ups: [other.yaml]\n", "7:14 KB040 error  no entry `other.yaml` -> did you mean `c/other`?"),
    # Half an id.
    ("", "follow_ups: [other]\n", "7:14 KB040 error  no entry `other` -> did you mean `c/other`?"),
    # A key forgotten.
    (
        "title: Reset a password\n",
        "",
        "1:1 KB005 error  needs `title` -> add it, such as `title: Borrow a projector`",
    ),
    # An end for a step.
    (
        "",
        GUIDE.replace("end: resolved}, {", "goto: handoff}, {"),
        "7:66 KB045 error  no node `handoff` to go to -> write `end: handoff`",
    ),
    # A step for an end.
    (
        "",
        GUIDE.replace("goto: b", "end: b"),
        "7:92 KB045 error  `b` is not resolved, handoff or an entry's id -> write `goto: b` if that is a step of the "
        "guide",
    ),
    # A button that every step has.
    (
        "",
        GUIDE.replace("label: z", "label: back"),
        "7:84 KB045 error  a button of your own called `Back` -> call it something else: the bot adds this button to "
        "every step by itself",
    ),
    # The other one.
    (
        "",
        GUIDE.replace("label: z", "label: Talk to a person"),
        "7:84 KB045 error  a button of your own called `Talk to a person` -> call it something else: the bot adds this "
        "button to every step by itself",
    ),
    # A variable in single braces.
    (
        "Open the portal",
        "Open it with {case.id}",
        "6:22 KB034 warning `{case.id}` is sent as it stands -> write `{{case.id}}`",
    ),
    # A line break between the marks of a word.
    (
        "answer: Open the portal and choose *Forgot password*.",
        "answer: |\n  Open the portal and choose *Forgot\n  password*.",
        "7:30 KB035 warning a line break inside `*Forgot password*` -> write what stands between the marks on one "
        "line: Slack keeps the break, and may show the marks",
    ),
    # Two lines for one.
    (
        "",
        "summary: |\n  Open it.\n  Then close it.\n",
        "7:10 KB058 warning `Open it. Then close it.` has several lines -> write it in one line, or "
        "begin it with `>` and leave no line blank",
    ),
)
