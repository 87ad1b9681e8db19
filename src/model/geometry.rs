//! Places on a page. The only floats of the program: they locate figures, they are never figures.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;

/// A box in PDF points (1/72 inch), origin at the top left of the page as displayed, that is after /Rotate and
/// relative to the CropBox; `y` grows downwards. Serialized as `[x0, y0, x1, y1]`, rounded to 0.01 point.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "[f64; 4]")]
pub struct BBox {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

impl BBox {
    /// A box from two corners, in any order.
    pub fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        BBox {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        }
    }

    /// The smallest box that holds both.
    pub fn union(self, other: BBox) -> BBox {
        BBox {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Width in points.
    pub fn width(self) -> f64 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(self) -> f64 {
        self.y1 - self.y0
    }
}

impl From<[f64; 4]> for BBox {
    fn from(v: [f64; 4]) -> Self {
        BBox::new(v[0], v[1], v[2], v[3])
    }
}

impl Serialize for BBox {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let round = |v: f64| {
            let r = (v * 100.0).round() / 100.0;
            if r == 0.0 { 0.0 } else { r } // no "-0.0" in a record
        };
        [round(self.x0), round(self.y0), round(self.x1), round(self.y1)].serialize(serializer)
    }
}

impl JsonSchema for BBox {
    fn schema_name() -> Cow<'static, str> {
        "BBox".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "description": "[x0, y0, x1, y1] in PDF points, origin top left of the page as displayed (after /Rotate and CropBox), y downwards.",
            "items": { "type": "number" },
            "minItems": 4,
            "maxItems": 4
        })
    }
}

/// A box on a page of a format that has pages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PagePlace {
    /// Page number, from 1.
    pub page: u32,
    /// Box on that page.
    pub bbox: BBox,
}
