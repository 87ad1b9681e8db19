//! Whether decoded text makes sense: what was decoded wrongly is refused, never emitted.

use crate::error::{Error, Result};

/// Refuses text of which more than a twentieth can't stand in a Chinese report, or which is Chinese bytes read as Western.
pub(super) fn judge(units: &[u16]) -> Result<()> {
    let (mut all, mut strange, mut western, mut chinese) = (0usize, 0usize, 0usize, 0usize);
    for unit in units.iter().filter(|unit| **unit > 0x20) {
        all += 1;
        match unit {
            0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x3000..=0x303F | 0xFF00..=0xFFEF => chinese += 1,
            0xC0..=0xFF => western += 1,
            // Latin and Greek, punctuation to enclosed figures, kana, enclosed CJK, symbol fonts, pairs above U+FFFF.
            0x21..=0x7E
            | 0xA0..=0xBF
            | 0x0100..=0x052F
            | 0x2000..=0x2BFF
            | 0x2E80..=0x2FDF
            | 0x3040..=0x312F
            | 0x3200..=0x33FF
            | 0xF000..=0xF0FF
            | 0xD800..=0xDFFF
            | 0xF900..=0xFAFF
            | 0xFE30..=0xFE4F => {}
            _ => strange += 1,
        }
    }
    let garbled = strange * 20 > all && strange > 4;
    let misread = western > 20 && western * 4 > all && chinese * 10 < western;
    if garbled || misread {
        let wrong = if garbled { strange } else { western };
        return Err(Error::unsupported(
            format!("a Word document whose text cannot be decoded ({wrong} of {all} characters make no sense)"),
            "open it in Word or WPS and save it as .docx, or let LibreOffice convert it with --converter soffice",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn reports_pass_and_mojibake_does_not() {
        assert!(judge(&units("预算金额（万元）1,020.16 ≥95%\r\u{7}①■\u{F0FE}𠮷 café")).is_ok());
        assert!(judge(&[]).is_ok());
        let gbk = encoding_rs::GBK
            .encode("项目支出绩效自评报告，预算金额二百万元，实际支出一百九十八万元。")
            .0;
        let misread: Vec<u16> = gbk.iter().map(|b| u16::from(*b)).collect();
        assert!(judge(&misread).is_err());
        let noise: Vec<u16> = (0..400u16).map(|i| i.wrapping_mul(40_503)).collect();
        assert!(judge(&noise).is_err());
    }
}
