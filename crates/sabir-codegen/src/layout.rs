//! Source as it stands on the page: on one line where it fits, otherwise one item on each line.

/// The longest line.
const WIDTH: usize = 110;

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Code {
    /// Words that stay together.
    Text(String),
    /// Items between two marks.
    Group(Group),
    /// An arrow function: its head up to the arrow, and the expression that it returns.
    Arrow(String, Box<Code>),
}

/// Items between two marks, such as the members of an object or the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    open: String,
    items: Vec<Code>,
    close: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{ a, b }`
    Object,
    /// `[a, b]`
    Array,
    /// `f(a, b)`; a last argument with marks of its own starts on the line of the call.
    Call,
    /// Statements, always on lines of their own.
    Block,
}

impl Code {
    /// An object literal with these members.
    pub(crate) fn object(members: Vec<Self>) -> Self {
        Self::group("{", members, "}", Kind::Object)
    }

    /// An array literal with these items.
    pub(crate) fn array(items: Vec<Self>) -> Self {
        Self::group("[", items, "]", Kind::Array)
    }

    /// A call of `callee`.
    pub(crate) fn call(callee: &str, arguments: Vec<Self>) -> Self {
        Self::group(&format!("{callee}("), arguments, ")", Kind::Call)
    }

    /// Statements between `open` and `close`.
    pub(crate) fn block(open: &str, statements: Vec<Self>, close: &str) -> Self {
        Self::group(open, statements, close, Kind::Block)
    }

    /// An arrow function that returns `body`.
    pub(crate) fn arrow(head: &str, body: Self) -> Self {
        match body {
            // An object stands in parentheses, so that it is no block, and starts on the line of the arrow.
            Self::Group(group) if group.kind == Kind::Object => Self::Group(group)
                .with_prefix(&format!("{head} ("))
                .with_suffix(")"),
            body => Self::Arrow(head.to_owned(), Box::new(body)),
        }
    }

    fn group(open: &str, items: Vec<Self>, close: &str, kind: Kind) -> Self {
        Self::Group(Group {
            open: open.to_owned(),
            items,
            close: close.to_owned(),
            kind,
        })
    }

    /// This with `prefix` right before it.
    pub(crate) fn with_prefix(self, prefix: &str) -> Self {
        match self {
            Self::Text(text) => Self::Text(format!("{prefix}{text}")),
            Self::Group(mut group) => {
                group.open.insert_str(0, prefix);
                Self::Group(group)
            }
            Self::Arrow(head, body) => Self::Arrow(format!("{prefix}{head}"), body),
        }
    }

    /// This with `suffix` right after it.
    pub(crate) fn with_suffix(self, suffix: &str) -> Self {
        match self {
            Self::Text(text) => Self::Text(format!("{text}{suffix}")),
            Self::Group(mut group) => {
                group.close.push_str(suffix);
                Self::Group(group)
            }
            Self::Arrow(head, body) => Self::Arrow(head, Box::new(body.with_suffix(suffix))),
        }
    }

    /// Whether this fits on a line that starts at `column`.
    pub(crate) fn fits(&self, column: usize) -> bool {
        self.flat().is_some_and(|line| column + width(&line) <= WIDTH)
    }

    /// The text, its first line indented by `column` and every other at least as far.
    pub(crate) fn print(&self, column: usize) -> String {
        format!("{}{}", " ".repeat(column), self.at(column, column, 0))
    }

    /// All of it on one line, unless it has statements.
    fn flat(&self) -> Option<String> {
        let group = match self {
            Self::Text(text) => return Some(text.clone()),
            Self::Arrow(head, body) => return Some(format!("{head} {}", body.flat()?)),
            Self::Group(group) => group,
        };
        let items: Option<Vec<String>> = group.items.iter().map(Self::flat).collect();
        let items = items?.join(", ");
        let Group { open, close, .. } = group;
        match group.kind {
            Kind::Block => None,
            Kind::Object if !items.is_empty() => Some(format!("{open} {items} {close}")),
            Kind::Object | Kind::Array | Kind::Call => Some(format!("{open}{items}{close}")),
        }
    }

    /// The text from `column` of a line that is indented by `indent`; `after` more columns follow its last line.
    fn at(&self, indent: usize, column: usize, after: usize) -> String {
        if self.fits(column + after) {
            return self.flat().unwrap_or_default();
        }
        let group = match self {
            Self::Text(text) => return text.clone(),
            Self::Arrow(head, body) => {
                return format!("{head} {}", body.at(indent, column + width(head) + 1, after));
            }
            Self::Group(group) => group,
        };
        if group.kind == Kind::Call
            && let Some(text) = group.hugging(indent, column)
        {
            return text;
        }
        let separator = if group.kind == Kind::Block { "" } else { "," };
        let inner = indent + 2;
        let margin = " ".repeat(inner);
        let lines: String = group
            .items
            .iter()
            .map(|item| format!("{margin}{}{separator}\n", item.at(inner, inner, separator.len())))
            .collect();
        format!("{}\n{lines}{}{}", group.open, " ".repeat(indent), group.close)
    }
}

impl Group {
    /// A call whose last argument starts on the first line, when that has marks of its own and everything before fits.
    fn hugging(&self, indent: usize, column: usize) -> Option<String> {
        let (last, others) = self.items.split_last()?;
        let mut first = self.open.clone();
        for other in others {
            first = format!("{first}{}, ", other.flat()?);
        }
        let column = column + width(&first);
        let opening = match last {
            Code::Text(_) => return None,
            Code::Group(group) => &group.open,
            Code::Arrow(head, body) => {
                let is_call = matches!(&**body, Code::Group(group) if group.kind == Kind::Call);
                if column + width(head) <= WIDTH && (is_call || body.fits(indent + 3)) {
                    let body = body.at(indent + 2, indent + 2, 1);
                    let (margin, close) = (" ".repeat(indent), &self.close);
                    return Some(format!("{first}{head}\n{margin}  {body},\n{margin}{close}"));
                }
                head
            }
        };
        (column + width(opening) <= WIDTH).then(|| {
            format!(
                "{first}{}{}",
                last.at(indent, column, self.close.len()),
                self.close
            )
        })
    }
}

impl From<String> for Code {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Code {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// `text` as a comment on as many lines as it needs, each of which begins with `mark`.
pub(crate) fn comment(mark: &str, text: &str) -> String {
    let mut lines = vec![mark.to_owned()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{mark} {word}")),
        }
    }
    lines.join("\n") + "\n"
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(word: &str, count: usize) -> Vec<Code> {
        vec![word.into(); count]
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        let object = Code::object(vec![Code::array(words("1", 2)).with_prefix("a: "), "b".into()]);
        let call = Code::call("f", vec!["x".into(), object]).with_suffix(";");
        assert_eq!(call.print(2), "  f(x, { a: [1, 1], b });");
        assert_eq!(Code::object(vec![]).print(0), "{}");
    }

    #[test]
    fn what_is_too_long_has_one_item_on_each_line() {
        let word = "w".repeat(50);
        let array = Code::array(words(&word, 3))
            .with_prefix("const a = ")
            .with_suffix(";");
        assert_eq!(
            array.print(0),
            format!("const a = [\n  {word},\n  {word},\n  {word},\n];")
        );
    }

    #[test]
    fn the_last_argument_starts_on_the_line_of_the_call() {
        let word = "w".repeat(60);
        let call = Code::call("f", vec!["x".into(), Code::object(words(&word, 2))]);
        assert_eq!(call.print(0), format!("f(x, {{\n  {word},\n  {word},\n}})"));
    }

    #[test]
    fn a_returned_call_that_is_too_long_starts_on_a_line_of_its_own() {
        let word = "w".repeat(60);
        let returned = Code::call("g", vec![Code::array(words(&word, 2))]);
        let call = Code::call("f", vec![Code::arrow("() =>", returned)]);
        assert_eq!(
            call.print(0),
            format!("f(() =>\n  g([\n    {word},\n    {word},\n  ]),\n)")
        );
    }

    #[test]
    fn statements_have_lines_of_their_own() {
        let block = Code::block("() => {", words("go();", 2), "}");
        assert_eq!(
            Code::call("f", vec![block]).print(0),
            "f(() => {\n  go();\n  go();\n})"
        );
    }

    #[test]
    fn comments_are_wrapped() {
        let text = comment("//", &"word ".repeat(30));
        assert!(
            text.lines()
                .all(|line| line.starts_with("// word") && line.len() <= WIDTH)
        );
        assert_eq!(text.matches("word").count(), 30);
    }
}
