//! Exact decimals: how every figure of a report is kept.

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A decimal number as the report wrote it: scale kept (`"97.00"` stays `97.00`), never a float.
///
/// In JSON it is a string holding a plain decimal: no thousands separators, no exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(pub Decimal);

impl Exact {
    /// The same value without trailing zeros after the point; used where the scale carries no meaning (amounts in 元).
    pub fn normalized(self) -> Self {
        Exact(self.0.normalize())
    }

    /// Number of decimals that the source wrote.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Exact(value)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `Decimal` prints a negative zero as "-0"; a report never means that.
        if self.0.is_zero() && self.0.is_sign_negative() {
            (-self.0).fmt(f)
        } else {
            self.0.fmt(f)
        }
    }
}

impl FromStr for Exact {
    type Err = rust_decimal::Error;

    /// Reads a plain decimal; exponents are refused by [`Decimal::from_str_exact`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Decimal::from_str_exact(text).map(Exact)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Exact {
    fn schema_name() -> Cow<'static, str> {
        "Exact".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A plain decimal as a string: no thousands separators, no exponent, as many decimals as the source wrote.",
            "pattern": "^-?[0-9]+(\\.[0-9]+)?$"
        })
    }
}
