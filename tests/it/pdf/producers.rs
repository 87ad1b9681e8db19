//! The same content from several programs (fixtures/pdf/make.py).

use super::{codes, fixture, paragraphs, read, rows, tables};

/// The rows that make.py writes as `torn_row`.
fn expected() -> Vec<Vec<String>> {
    let long = "受长期门诊补贴影响，执行率为".repeat(4) + "百分之百。";
    let mut rows: Vec<Vec<String>> = vec![
        ["产出", "指标", "年初", "执行", "分", "影响"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (label, count) in [("产出指标", 20), ("效益指标", 9)] {
        for i in 0..count {
            let reason = if (label, i) == ("效益指标", 5) {
                long.clone()
            } else {
                String::new()
            };
            let first = if i == 0 { label } else { "^" };
            rows.push(vec![
                first.to_owned(),
                format!("补贴{}", i + 1),
                format!("{}个", i * 3),
                format!("{}个", i * 3 + 1),
                "2.5".to_owned(),
                reason,
            ]);
        }
    }
    rows.push(["合计", "65", ""].map(str::to_owned).to_vec());
    rows
}

#[test]
fn a_table_over_two_pages_is_the_same_from_each_producer() {
    for name in ["chromium_torn_row.pdf", "libreoffice_torn_row.pdf", "ghostscript.pdf"] {
        let document = read(&fixture(name));
        assert_eq!(
            paragraphs(&document),
            ["执行率为93.68%，长期为民，门诊补贴1,020.16个。"],
            "{name}"
        );
        let tables = tables(&document);
        assert_eq!(tables.len(), 1, "{name}");
        assert_eq!(rows(tables[0]), expected(), "{name}");
        assert_eq!(codes(&document), [""; 0], "{name}");
    }
}

#[test]
fn the_torn_row_has_a_place_on_each_page() {
    let document = read(&fixture("chromium_torn_row.pdf"));
    let table = tables(&document)[0];
    let torn = table.cells().iter().find(|c| c.text.starts_with("受长期")).unwrap();
    assert_eq!(torn.places.iter().map(|p| p.page).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(torn.row_span, 1);
    let label = table.at(25, 0).unwrap();
    assert_eq!(
        label.places.iter().map(|p| p.page).collect::<Vec<_>>(),
        [1, 2],
        "the merged label"
    );
}

#[test]
fn rulings_that_are_double_partial_or_missing() {
    let document = read(&fixture("chromium_rulings.pdf"));
    let tables = tables(&document);
    assert_eq!(tables.len(), 4);
    for table in tables {
        let expected = [
            ["项目", "年初数", "决算数"],
            ["教育支出", "1,200.00", "1,150.25"],
            ["卫生支出", "", "35.00"],
            ["合计", "1,200.00", "1,185.25"],
        ];
        assert_eq!(rows(table), expected);
    }
    assert_eq!(paragraphs(&document), ["支出t：", "支出n：", "支出f：", "支出d："]);
}
