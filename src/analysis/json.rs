//! JSON of answers: fields in the order in which they are documented, and no longer than what JavaScript can take.

use serde_json::Value;

use crate::error::{Error, Result};

/// The longest string of V8 on 64 bits. A text has no more characters than bytes.
const LONGEST: usize = (1 << 29) - 24;

/// A text that is being written. Objects and arrays are closed by whoever opens them.
#[derive(Default)]
pub(super) struct Json {
    text: String,
}

impl Json {
    /// The text of one object.
    pub(super) fn of_object(fields: impl FnOnce(&mut Fields<'_>) -> Result<()>) -> Result<String> {
        let mut json = Json::default();
        json.object(fields)?;
        Ok(json.text)
    }

    /// The text of one array of objects.
    pub(super) fn of_rows<T>(
        rows: impl IntoIterator<Item = T>,
        row: impl FnMut(&mut Fields<'_>, T) -> Result<()>,
    ) -> Result<String> {
        let mut json = Json::default();
        json.rows(rows, row)?;
        Ok(json.text)
    }

    fn object(&mut self, fields: impl FnOnce(&mut Fields<'_>) -> Result<()>) -> Result<()> {
        self.text.push('{');
        let mut written = Fields {
            json: self,
            comma: false,
        };
        fields(&mut written)?;
        self.text.push('}');
        match self.text.len() > LONGEST {
            true => Err(Error::AnswerTooLong),
            false => Ok(()),
        }
    }

    fn rows<T>(
        &mut self,
        rows: impl IntoIterator<Item = T>,
        mut row: impl FnMut(&mut Fields<'_>, T) -> Result<()>,
    ) -> Result<()> {
        self.text.push('[');
        for (at, item) in rows.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.object(|fields| row(fields, item))?;
        }
        self.text.push(']');
        Ok(())
    }
}

/// The fields of an object that is being written.
pub(super) struct Fields<'a> {
    json: &'a mut Json,
    comma: bool,
}

impl Fields<'_> {
    /// `name` needs no escaping.
    fn name(&mut self, name: &'static str) {
        let text = &mut self.json.text;
        text.push_str(if self.comma { ",\"" } else { "\"" });
        text.push_str(name);
        text.push_str("\":");
        self.comma = true;
    }

    pub(super) fn field(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.name(name);
        self.json.text.push_str(&value.into().to_string());
        self
    }

    pub(super) fn object(
        &mut self,
        name: &'static str,
        fields: impl FnOnce(&mut Fields<'_>) -> Result<()>,
    ) -> Result<&mut Self> {
        self.name(name);
        self.json.object(fields)?;
        Ok(self)
    }

    pub(super) fn rows<T>(
        &mut self,
        name: &'static str,
        rows: impl IntoIterator<Item = T>,
        row: impl FnMut(&mut Fields<'_>, T) -> Result<()>,
    ) -> Result<&mut Self> {
        self.name(name);
        self.json.rows(rows, row)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order() {
        let text = Json::of_object(|fields| {
            fields.field("b", 1).field("a", "\u{2028}\"");
            fields.object("o", |fields| {
                fields.field("n", Value::Null);
                Ok(())
            })?;
            fields.rows("r", [1, 2], |fields, item| {
                fields.field("i", item);
                Ok(())
            })?;
            Ok(())
        });
        assert_eq!(
            text.ok().as_deref(),
            Some("{\"b\":1,\"a\":\"\u{2028}\\\"\",\"o\":{\"n\":null},\"r\":[{\"i\":1},{\"i\":2}]}")
        );
    }
}
