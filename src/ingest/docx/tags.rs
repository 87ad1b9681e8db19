//! The element names that mean something to the reader.

macro_rules! tags {
    ($($variant:ident = $name:literal,)*) => {
        /// An element by its name without the prefix; [`Tag::Other`] for all that pass unnoticed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Tag {
            $($variant,)*
            /// Anything else.
            Other,
        }

        impl Tag {
            /// The tag of a local name.
            pub(super) fn of(local: &str) -> Tag {
                match local.as_bytes() {
                    $($name => Tag::$variant,)*
                    _ => Tag::Other,
                }
            }
        }
    };
}

tags! {
    AlternateContent = b"AlternateContent",
    AltChunk = b"altChunk",
    Background = b"background",
    Blip = b"blip",
    Body = b"body",
    Br = b"br",
    CellDel = b"cellDel",
    Chart = b"chart",
    CheckBox = b"checkBox",
    CheckBox14 = b"checkbox",
    Checked = b"checked",
    Choice = b"Choice",
    Color = b"color",
    Cr = b"cr",
    Default = b"default",
    Del = b"del",
    DelInstrText = b"delInstrText",
    DelText = b"delText",
    Delimiter = b"d",
    Denominator = b"den",
    Document = b"document",
    DoubleStrike = b"dstrike",
    DropDown = b"ddList",
    Endnote = b"endnote",
    EndnoteReference = b"endnoteReference",
    Fallback = b"Fallback",
    FieldChar = b"fldChar",
    FormData = b"ffData",
    FooterReference = b"footerReference",
    Footnote = b"footnote",
    FootnoteReference = b"footnoteReference",
    GridAfter = b"gridAfter",
    GridBefore = b"gridBefore",
    GridCol = b"gridCol",
    GridSpan = b"gridSpan",
    HMerge = b"hMerge",
    HeaderReference = b"headerReference",
    Highlight = b"highlight",
    ILvl = b"ilvl",
    ImageData = b"imagedata",
    InstrText = b"instrText",
    ListEntry = b"listEntry",
    Math = b"oMath",
    MoveFrom = b"moveFrom",
    NoBreakHyphen = b"noBreakHyphen",
    NumId = b"numId",
    NumPr = b"numPr",
    OleObject = b"OLEObject",
    OutlineLvl = b"outlineLvl",
    P = b"p",
    PPr = b"pPr",
    PPrChange = b"pPrChange",
    PStyle = b"pStyle",
    PTab = b"ptab",
    Position = b"position",
    R = b"r",
    RFonts = b"rFonts",
    RPr = b"rPr",
    RPrChange = b"rPrChange",
    RStyle = b"rStyle",
    Radical = b"rad",
    RelIds = b"relIds",
    ResultIndex = b"result",
    RubyText = b"rt",
    SdtContent = b"sdtContent",
    SectPr = b"sectPr",
    SectPrChange = b"sectPrChange",
    Sdt = b"sdt",
    SdtPr = b"sdtPr",
    SubDoc = b"subDoc",
    Subscript = b"sub",
    Superscript = b"sup",
    Shading = b"shd",
    Strike = b"strike",
    Sym = b"sym",
    ShowingPlaceholder = b"showingPlcHdr",
    Size = b"sz",
    T = b"t",
    Tab = b"tab",
    Tbl = b"tbl",
    TblGrid = b"tblGrid",
    TblGridChange = b"tblGridChange",
    TblHeader = b"tblHeader",
    TblPr = b"tblPr",
    TblPrChange = b"tblPrChange",
    TblPrEx = b"tblPrEx",
    TblStyle = b"tblStyle",
    Tc = b"tc",
    TcPr = b"tcPr",
    TcPrChange = b"tcPrChange",
    TcW = b"tcW",
    Tr = b"tr",
    TrPr = b"trPr",
    TrPrChange = b"trPrChange",
    TxbxContent = b"txbxContent",
    VMerge = b"vMerge",
    Vanish = b"vanish",
    VertAlign = b"vertAlign",
}
