//! A writer of small PDF files for edge cases: one font that is not embedded, raw content streams.

/// A file under construction.
pub struct Writer {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    catalog: String,
}

impl Writer {
    pub fn new() -> Self {
        let mut writer = Writer {
            objects: vec![Vec::new(); 2],
            pages: Vec::new(),
            catalog: String::new(),
        };
        writer
            .object("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>");
        writer.object(
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1[500 500 500 500 500 500 500 500 500 500 \
             500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500]]/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)\
             /Supplement 4>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/ItalicAngle 0/Ascent 752\
             /Descent -271/CapHeight 737/StemV 58/FontBBox[-25 -254 1000 880]>>>>",
        );
        writer
    }

    /// Adds an object and gives its number.
    pub fn object(&mut self, body: impl AsRef<[u8]>) -> usize {
        self.objects.push(body.as_ref().to_vec());
        self.objects.len()
    }

    /// Adds a stream and gives its number.
    pub fn stream(&mut self, dict: &str, data: &[u8]) -> usize {
        let mut body = format!("<<{dict}/Length {}>>stream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(body)
    }

    /// Adds a page of 300 × 400 points; `extra` goes into its dictionary, `resources` into its resources.
    pub fn page(&mut self, content: &str, extra: &str, resources: &str) -> &mut Self {
        let content = self.stream("", content.as_bytes());
        let boxes = if extra.contains("MediaBox") {
            ""
        } else {
            "/MediaBox[0 0 300 400]"
        };
        let page = self.object(format!(
            "<</Type/Page/Parent 2 0 R{boxes}/Contents {content} 0 R/Resources<</Font<</F 3 0 R>>{resources}>>{extra}>>"
        ));
        self.pages.push(page);
        self
    }

    /// Adds to the catalog.
    pub fn catalog(&mut self, extra: &str) {
        self.catalog += extra;
    }

    /// The file.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.objects[0] = format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog).into_bytes();
        let kids: Vec<String> = self.pages.iter().map(|p| format!("{p} 0 R")).collect();
        self.objects[1] = format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), kids.join(" ")).into_bytes();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut xref = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (index, body) in self.objects.iter().enumerate() {
            xref += &format!("{:010} 00000 n \n", out.len());
            out.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        out.extend_from_slice(xref.as_bytes());
        out.extend_from_slice(
            format!(
                "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
                self.objects.len() + 1
            )
            .as_bytes(),
        );
        out
    }
}

/// One page.
pub fn one_page(content: &str) -> Vec<u8> {
    Writer::new().page(content, "", "").bytes()
}

/// One page whose content is compressed.
pub fn deflated_page(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let mut writer = Writer::new();
    let content = writer.stream("/Filter/FlateDecode", &encoder.finish().unwrap());
    let page = writer.object(format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents {content} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    ));
    writer.pages.push(page);
    writer.bytes()
}

/// The operand of `Tj` for a text.
pub fn hex(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04x}")).collect()
}

/// Draws a text of 10 points with its baseline's start at a point.
pub fn text(x: f64, y: f64, text: &str) -> String {
    format!("BT /F 10 Tf 1 0 0 1 {x} {y} Tm <{}> Tj ET\n", hex(text))
}

/// Draws a ruled table of rows of 20 points and columns of 60, its upper left corner at a point.
pub fn table(x: f64, y: f64, rows: &[&[&str]]) -> String {
    let mut out = String::new();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (left, bottom) = (x + 60.0 * c as f64, y - 20.0 * (r + 1) as f64);
            out += &format!("{left} {bottom} 60 20 re S\n");
            out += &text(left + 3.0, bottom + 6.0, cell);
        }
    }
    out
}
