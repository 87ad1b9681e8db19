//! Radicals and compatibility ideographs, one character to one, to the characters they stand for.

/// The ordinary character for a radical form. Printers that go from glyph back to character (Chromium, Skia) write ⻓
/// for 长 because both share a glyph. The Kangxi block folds by its order; the Radicals Supplement by
/// EquivalentUnifiedIdeograph.txt of Unicode, which NFKC follows only for two of its characters.
pub fn radical(ch: char) -> char {
    match ch {
        '\u{2e80}'..='\u{2ef3}' => SUPPLEMENT
            .iter()
            .find(|(from, _)| *from == ch)
            .map_or(ch, |(_, to)| *to),
        '\u{2f00}'..='\u{2fd5}' => KANGXI.chars().nth(ch as usize - 0x2f00).unwrap_or(ch),
        '\u{f900}'..='\u{faff}' => {
            // Compatibility ideographs have a canonical equivalent of one character.
            let mut folded = unicode_normalization::UnicodeNormalization::nfc(std::iter::once(ch));
            folded.next().filter(|_| folded.next().is_none()).unwrap_or(ch)
        }
        _ => ch,
    }
}

/// The 214 Kangxi radicals U+2F00… in order.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Radicals Supplement, U+2E80…U+2EF3.
const SUPPLEMENT: [(char, char); 115] = [
    ('⺀', '冫'),
    ('⺁', '厂'),
    ('⺂', '乛'),
    ('⺃', '乚'),
    ('⺄', '乙'),
    ('⺅', '亻'),
    ('⺆', '冂'),
    ('⺇', '几'),
    ('⺈', '刀'),
    ('⺉', '刂'),
    ('⺊', '卜'),
    ('⺋', '㔾'),
    ('⺌', '小'),
    ('⺍', '小'),
    ('⺎', '尢'),
    ('⺏', '尣'),
    ('⺐', '尢'),
    ('⺑', '尢'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彑'),
    ('⺕', '彐'),
    ('⺖', '忄'),
    ('⺗', '心'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺜', '日'),
    ('⺝', '月'),
    ('⺞', '歺'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '氺'),
    ('⺣', '灬'),
    ('⺤', '爫'),
    ('⺥', '爫'),
    ('⺦', '丬'),
    ('⺧', '牛'),
    ('⺨', '犭'),
    ('⺩', '王'),
    ('⺪', '疋'),
    ('⺫', '罒'),
    ('⺬', '示'),
    ('⺭', '礻'),
    ('⺮', '竹'),
    ('⺯', '糹'),
    ('⺰', '纟'),
    ('⺱', '罓'),
    ('⺲', '罒'),
    ('⺳', '罓'),
    ('⺴', '罒'),
    ('⺵', '𦉪'),
    ('⺶', '羊'),
    ('⺷', '羊'),
    ('⺸', '羊'),
    ('⺹', '耂'),
    ('⺺', '肀'),
    ('⺻', '聿'),
    ('⺼', '肉'),
    ('⺽', '臼'),
    ('⺾', '艹'),
    ('⺿', '艹'),
    ('⻀', '艹'),
    ('⻁', '虎'),
    ('⻂', '衤'),
    ('⻃', '覀'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻇', '角'),
    ('⻈', '讠'),
    ('⻉', '贝'),
    ('⻊', '足'),
    ('⻋', '车'),
    ('⻌', '辶'),
    ('⻍', '辶'),
    ('⻎', '辶'),
    ('⻏', '阝'),
    ('⻐', '钅'),
    ('⻑', '長'),
    ('⻒', '镸'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻕', '阝'),
    ('⻖', '阝'),
    ('⻗', '雨'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻞', '飠'),
    ('⻟', '飠'),
    ('⻠', '饣'),
    ('⻡', '首'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻫', '斉'),
    ('⻬', '齐'),
    ('⻭', '歯'),
    ('⻮', '齿'),
    ('⻯', '竜'),
    ('⻰', '龙'),
    ('⻱', '龜'),
    ('⻲', '亀'),
    ('⻳', '龟'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn kangxi_radicals_fold_as_unicode_says() {
        assert_eq!(KANGXI.chars().count(), 214);
        for code in 0x2f00..=0x2fd5u32 {
            let of_block = char::from_u32(code).unwrap();
            let nfkc: String = std::iter::once(of_block).nfkc().collect();
            assert_eq!(radical(of_block).to_string(), nfkc, "U+{code:04X}");
        }
    }

    #[test]
    fn supplement_is_complete_and_in_order() {
        let assigned = (0x2e80..=0x2ef3u32).filter(|c| *c != 0x2e9a);
        for (code, (from, to)) in assigned.zip(SUPPLEMENT) {
            assert_eq!(from as u32, code);
            assert!(!('\u{2e80}'..='\u{2fdf}').contains(&to), "{to}");
        }
        assert_eq!(radical('⻓'), '长');
        assert_eq!(radical('⺠'), '民');
        assert_eq!(radical('⻔'), '门');
        assert_eq!(radical('长'), '长');
        assert_eq!(radical('Ａ'), 'Ａ', "full width is the report's own writing");
    }
}
