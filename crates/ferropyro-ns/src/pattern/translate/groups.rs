//! What a parenthesis opens: groups, names, flags, comments, and what is refused.
//!
//! Every group is written without capturing, so names are checked and dropped.

use super::{Flags, Group, Last, Translator};
use crate::pattern::PatternError;

impl Translator<'_> {
    /// `(?i)` and the like, which Python allows only at the start and applies to the whole pattern.
    pub(super) fn leading_flags(&mut self) -> Result<(), PatternError> {
        loop {
            let start = self.at;
            let is_flags =
                self.accept('(') && self.accept('?') && self.peek().is_some_and(|c| c.is_ascii_lowercase());
            let flags = if is_flags { self.flag_letters(start + 1)? } else { None };
            let Some(flags) = flags.filter(|_| self.accept(')')) else {
                self.at = start;
                return Ok(());
            };
            self.flags = flags;
        }
    }

    /// Begins a group in which these flags hold.
    pub(super) fn open_group(&mut self, flags: Flags) {
        let on = |flag: bool, letter: &'static str| if flag { letter } else { "" };
        let off = |flag: bool, letter: &'static str| if flag { "" } else { letter };
        let Flags { ignore_case: i, multi_line: m, dot_all: s, .. } = flags;
        self.out.push_str("(?");
        self.out.extend([on(i, "i"), on(m, "m"), on(s, "s")]);
        if !(i && m && s) {
            self.out.push('-');
            self.out.extend([off(i, "i"), off(m, "m"), off(s, "s")]);
        }
        self.out.push(':');
        self.flags = flags;
        self.last = Last::Nothing;
    }

    pub(super) fn close(&mut self, start: usize) -> Result<(), PatternError> {
        let group = self.open.pop().ok_or_else(|| PatternError::new("unbalanced parenthesis", start))?;
        self.flags = group.outer;
        self.item(")");
        Ok(())
    }

    pub(super) fn group(&mut self, start: usize) -> Result<(), PatternError> {
        let mut flags = self.flags;
        if self.accept('?') {
            let mark = self.at - 1;
            match self.peek() {
                None => return Err(PatternError::new("unexpected end of pattern", self.at)),
                Some('P') => self.named(mark)?,
                Some(':') => self.at += 1,
                Some('#') => return self.comment(start),
                Some('=' | '!') => return Err(PatternError::unsupported("look-ahead assertions", mark)),
                Some('<') => return Err(self.look_behind(mark)),
                Some('(') => return Err(PatternError::unsupported("conditional groups", mark)),
                Some('>') => return Err(PatternError::unsupported("atomic groups", mark)),
                Some(c) => {
                    let scoped = self.flag_letters(mark)?;
                    flags =
                        scoped.ok_or_else(|| PatternError::new(format!("unknown extension ?{c}"), mark))?;
                    if self.accept(')') {
                        return Err(PatternError::new(
                            "global flags not at the start of the expression",
                            start,
                        ));
                    }
                    if !self.accept(':') {
                        return Err(PatternError::new("missing : after the flags", self.at));
                    }
                }
            }
        }
        self.open.push(Group { start, outer: self.flags });
        self.open_group(flags);
        Ok(())
    }

    /// The flags after `(?`: letters to switch on, perhaps `-` and letters to switch off. `None` when the
    /// first character is no flag.
    fn flag_letters(&mut self, mark: usize) -> Result<Option<Flags>, PatternError> {
        let mut flags = self.flags;
        let first = self.at;
        let mut on = true;
        while let Some(c) = self.peek() {
            match c {
                'i' | 'm' | 's' | 'x' => flags.set(c, on),
                'u' if on => {}
                'a' | 'L' => return Err(PatternError::unsupported("the flags a and L", mark)),
                '-' if on => on = false,
                ')' | ':' if self.at > first => break,
                _ if self.at > first => return Err(PatternError::new("unknown flag", self.at)),
                _ => return Ok(None),
            }
            self.at += 1;
        }
        Ok(Some(flags))
    }

    fn comment(&mut self, start: usize) -> Result<(), PatternError> {
        loop {
            match self.next() {
                Some(')') => return Ok(()),
                Some(_) => {}
                None => return Err(PatternError::new("missing ), unterminated comment", start)),
            }
        }
    }

    fn look_behind(&self, mark: usize) -> PatternError {
        match self.pattern.get(self.at + 1) {
            Some('=' | '!') => PatternError::unsupported("look-behind assertions", mark),
            Some(c) => PatternError::new(format!("unknown extension ?<{c}"), mark),
            None => PatternError::new("unexpected end of pattern", self.at + 1),
        }
    }

    /// `(?P<name>`, after the question mark.
    fn named(&mut self, mark: usize) -> Result<(), PatternError> {
        self.at += 1;
        match self.next() {
            Some('<') => {}
            Some('=') => return Err(PatternError::unsupported("back-references", mark)),
            Some(c) => return Err(PatternError::new(format!("unknown extension ?P{c}"), mark)),
            None => return Err(PatternError::new("unexpected end of pattern", self.at)),
        }
        let start = self.at;
        while self.peek().is_some_and(|c| c != '>') {
            self.at += 1;
        }
        let name = self.text(start);
        if name.is_empty() {
            return Err(PatternError::new("missing group name", start));
        }
        if !self.accept('>') {
            return Err(PatternError::new("missing >, unterminated name", start));
        }
        let identifier = name
            .chars()
            .enumerate()
            .all(|(index, c)| c == '_' || c.is_alphabetic() || (index > 0 && c.is_alphanumeric()));
        if !identifier {
            return Err(PatternError::new(format!("bad character in group name '{name}'"), start));
        }
        if !self.names.insert(name.clone()) {
            return Err(PatternError::new(format!("redefinition of group name '{name}'"), start));
        }
        Ok(())
    }
}
