# SPDX-License-Identifier: Apache-2.0
#
# awk -v out=FOLDER -v version=VERSION -f man.awk HEADER...: writes the man pages of the C API out of the headers'
# comments: one for each function, and frameferry(3), which has the rest. The headers are the only source, in the
# house's style: a comment stands directly above what it is about, and that of an exported function begins with its kind
# and threads. A function without that ends it with an error.

FNR == 1 {
    header = FILENAME
    sub(/.*\//, "", header)
    groups[++group_count] = group = header
}

/^\/\* ---- / {
    group = $0
    gsub(/^\/\* -+ | -+ \*\/$/, "", group)
    groups[++group_count] = group
    next
}

/^\/\*/ {
    read_comment()
    if (!(header in head) && about !~ /^SPDX/) {
        head[header] = about
    }
    next
}

/^$/ { about = verbatim = "" }

/^#define FERRY_ERROR_TABLE/ { errors = read_until("[^\\\\]$") }

/^#define FERRY_[A-Z0-9_]+ +[^ ]/ && !/FERRY_API/ {
    constants[group] = constants[group] (verbatim != "" && constants[group] != "" ? "\n" : "") verbatim $0 "\n"
    about = verbatim = ""
}

/^typedef struct/ { comment_of[$3] = about }

/^(struct|enum) ferry_[a-z_]+ \{$/ {
    types[++type_count] = name = $2
    group_of[name] = group
    comment_of[name] = comment_of[name] about
    definition[name] = read_until("^};$")
}

/^(FERRY_API|static inline) .*\(/ {
    inline = /^static/
    text = read_until("[;)]$")
    sub(/^FERRY_API |^static inline /, "", text)
    sub(/;$/, "", text)
    add_function(text, inline)
}

# The comment that begins here: its text, and as it stands.
function read_comment(    line) {
    about = verbatim = ""
    for (;;) {
        line = $0
        verbatim = verbatim line "\n"
        sub(/ ?\*\/$/, "", line)
        sub(/^ ?\/?\*+ ?/, "", line)
        about = about line "\n"
        if (/\*\/$/ || getline <= 0) {
            break
        }
    }
    sub(/^\n/, "", about)
}

# This line and those after it, up to the first that the pattern fits.
function read_until(pattern,    text) {
    text = $0
    while ($0 !~ pattern && getline > 0) {
        text = text "\n" $0
    }
    return text
}

function add_function(text, inline,    name, end) {
    match(text, /ferry_[a-z0-9_]+\(/)
    name = substr(text, RSTART, RLENGTH - 1)
    kind[name] = "Any thread"
    if (!inline) {
        end = index(about, ".")
        kind[name] = substr(about, 1, end - 1)
        about = substr(about, end + 1)
        gsub(/\n/, " ", kind[name])
    }
    sub(/^[ \n]+/, "", about)
    comment_of[name] = about
    summary[name] = first_clause(about)
    if (kind[name] !~ /^(Ordinary|Burst|Any)[, ]/ || summary[name] == "") {
        print header ": the comment of " name " does not say what it is and does: \"Ordinary, any thread. Does ...\""
        failed = 1
    }
    declaration[name] = text
    header_of[name] = header
    group_of[name] = group
    functions[++function_count] = name
    about = verbatim = ""
}

function first_clause(text) {
    gsub(/\n/, " ", text)
    if (match(text, /[.:;]( |$)/)) {
        text = substr(text, 1, RSTART - 1)
    }
    gsub(/`/, "", text)
    return text ~ /^[A-Z][a-z ]/ ? tolower(substr(text, 1, 1)) substr(text, 2) : text
}

# ---- roff -------------------------------------------------------------------------------------

function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/ -/, " \\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

# With names in bold, those of functions as references.
function marked(text,    name, done) {
    text = escaped(text)
    while (sub(/`/, "\\fI", text)) {
        sub(/`/, "\\fR", text)
    }
    while (match(text, /(ferry|FERRY)_[A-Za-z0-9_]+/)) {
        name = substr(text, RSTART, RLENGTH)
        done = done substr(text, 1, RSTART - 1) "\\fB" name "\\fR" (name in summary ? "(3)" : "")
        text = substr(text, RSTART + RLENGTH)
    }
    return done text
}

function print_paragraphs(text,    lines, n, i, word) {
    sub(/\n+$/, "", text)
    n = split(text, lines, "\n")
    for (i = 1; i <= n; i++) {
        if (lines[i] == "") {
            print ".PP" > page
        } else if (match(lines[i], /^  [a-z]+   */)) { # a list of words
            split(lines[i], word, " ")
            print ".TP\n.B " word[1] "\n" marked(substr(lines[i], RLENGTH + 1)) > page
        } else {
            sub(/^ +/, "", lines[i])
            print marked(lines[i]) > page
        }
    }
}

function print_verbatim(text,    lines, n, i) {
    sub(/\n+$/, "", text)
    if (text == "") {
        return
    }
    n = split(text, lines, "\n")
    print ".PP\n.nf" > page
    for (i = 1; i <= n; i++) {
        print escaped(lines[i]) > page
    }
    print ".fi" > page
}

function open_page(name, what) {
    page = out "/" name ".3"
    print ".TH " name " 3 \"\" \"Frameferry " version "\" \"Frameferry\"" > page
    print ".SH NAME\n" name " \\- " escaped(what) "\n.SH SYNOPSIS\n.nf" > page
}

# The types that a text names, with those that their definitions name.
function print_types(text,    before, name, defined) {
    while (match(text, /ferry_[a-z_]+/)) {
        before = substr(text, 1, RSTART - 1)
        name = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (name in comment_of && !(name in summary) && !(name in printed)) {
            if (!printed[0]++) {
                print ".SH TYPES" > page
            }
            printed[name] = 1
            print ".SS " name > page
            defined = before ~ /(struct|enum) $/ ? definition[name] : ""
            print_type(name, defined)
            print_types(substr(defined, index(defined, "{")))
        }
    }
}

function print_type(name, defined) {
    print_paragraphs(comment_of[name])
    print_verbatim(defined)
    documented[name] = documented[name] || defined != ""
}

function print_function(name,    i, also, lines, n) {
    open_page(name, summary[name])
    print ".B #include <frameferry/" header_of[name] ">\n.PP" > page
    n = split(declaration[name] ";", lines, "\n *")
    for (i = 1; i <= n; i++) {
        print ".B \"" (i > 1 ? "    " : "") lines[i] "\"" > page
    }
    print ".fi\n.SH DESCRIPTION" > page
    print_paragraphs(comment_of[name])
    print ".SH THREADS\n" marked(kind[name]) "." > page
    if (kind[name] ~ /^(Burst|Ordinary)/) {
        print ".BR frameferry (3)\nsays what kinds of function there are." > page
    }
    split("", printed)
    print_types(declaration[name])
    printf ".SH \"SEE ALSO\"\n.BR frameferry (3)" > page
    for (i = 1; i <= function_count; i++) {
        also = functions[i]
        if (also != name && group_of[also] == group_of[name]) {
            printf " ,\n.BR %s (3)", also > page
        }
    }
    print "" > page
    close(page)
}

# What frameferry.h is, then group by group its functions, its constants and the types that no function's page shows;
# then the same for the other headers.
function print_overview(    i) {
    open_page("frameferry", "the C API of Frameferry")
    for (i = 1; i <= group_count; i++) {
        if (groups[i] in head) {
            print ".B #include <frameferry/" groups[i] ">" > page
        }
    }
    print ".PP\ncc \\&... $(pkg\\-config \\-\\-cflags \\-\\-libs frameferry)\n.fi\n.SH DESCRIPTION" > page
    for (i = 1; i <= group_count; i++) {
        if (i > 1) {
            print ".SH \"" (groups[i] in head ? groups[i] : toupper(groups[i])) "\"" > page
        }
        print_paragraphs(head[groups[i]])
        print_group(groups[i])
    }
}

function print_group(group,    i) {
    for (i = 1; i <= function_count; i++) {
        if (group_of[functions[i]] == group) {
            print ".TP\n.BR " functions[i] " (3)\n" escaped(summary[functions[i]]) > page
        }
    }
    print_verbatim(constants[group])
    for (i = 1; i <= type_count; i++) {
        if (group_of[types[i]] == group && !documented[types[i]]) {
            print ".PP" > page
            print_type(types[i], definition[types[i]])
        }
    }
    if (group == "errors") {
        print_errors()
    }
}

# X(NAME, number, "text") of FERRY_ERROR_TABLE, the text in one literal or in several.
function print_errors(    entries, n, i) {
    gsub(/ *\\\n */, " ", errors)
    gsub(/" +"/, "", errors)
    n = split(errors, entries, / X\(/)
    for (i = 2; i <= n; i++) {
        match(entries[i], /, -?[0-9]+, */)
        print ".TP\n.B " substr(entries[i], 1, RSTART - 1) > page
        text = substr(entries[i], RSTART + RLENGTH)
        gsub(/^ *"|"\) *$/, "", text)
        print marked(substr(entries[i], RSTART + 2, RLENGTH - 4) ": " text) > page
    }
}

END {
    if (failed) {
        exit 1
    }
    for (i = 1; i <= function_count; i++) {
        print_function(functions[i])
    }
    print_overview()
}
