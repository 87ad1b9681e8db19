//! Whole self-evaluation forms: head, funding, goals, indicators, total in one table.

use super::super::facts::{Fact, plain};
use super::super::sheet::{Grid, Slot};
use super::super::words::{OFFICES, PROJECTS};
use super::funding::Funding;
use super::grid::Indicators;
use super::{Draft, Part, chance, some};
use crate::mutate::Random;

#[derive(Clone, Debug)]
pub struct Form {
    project: String,
    offices: (String, String),
    /// Label beside the goals, the headings of the two texts, and the texts.
    goals: Option<[String; 5]>,
    funding: Funding,
    grid: Indicators,
}

impl Form {
    pub fn new(random: &mut Random) -> Self {
        let sides = chance(random, 70);
        let mut funding = Funding::new(random).with_points(1000);
        let counted = funding.has("weight");
        let mut grid = Indicators::new(random, true, if counted { 90 } else { 100 });
        funding.side = None;
        grid.side = None;
        if sides {
            funding.side = Some(random.pick(&["项目资金", "年度资金", "预算执行情况"]).to_string());
            grid.side = Some(
                random
                    .pick(&["绩效指标", "年度绩效指标", "绩效指标完成情况"])
                    .to_string(),
            );
        }
        funding.unit_in_label = sides && chance(random, 70);
        let offices = some(random, &OFFICES, 2);
        let goals = [
            *random.pick(&["年度总体目标", "总体目标", "年度目标"]),
            *random.pick(&["预期目标", "年初设定目标"]),
            *random.pick(&["实际完成情况", "全年实际完成情况"]),
            *random.pick(&[
                "完成年度建设任务，提升公共服务水平。",
                "目标1：新建设施12处；\n目标2：受益群众3000人。",
                "保障机构正常运转，完成2022年度各项任务",
            ]),
            *random.pick(&[
                "已完成年度建设任务。",
                "1.新建设施13处；2.受益群众3120人。",
                "各项任务均按计划完成",
            ]),
        ];
        Form {
            project: (*random.pick(&PROJECTS)).to_owned(),
            offices: (offices[0].to_owned(), offices[1].to_owned()),
            goals: chance(random, 85).then(|| goals.map(str::to_owned)),
            funding,
            grid,
        }
    }

    pub fn smaller(&self) -> Vec<Form> {
        let mut out = Vec::new();
        if self.goals.is_some() {
            out.push(Form {
                goals: None,
                ..self.clone()
            });
        }
        // Its points belong to the hundred.
        let counted =
            |f: &Funding| f.has("weight") == self.funding.has("weight") && f.has("score") == self.funding.has("score");
        out.extend(self.funding.smaller().into_iter().filter(counted).map(|funding| Form {
            funding,
            ..self.clone()
        }));
        let grids = self
            .grid
            .smaller()
            .into_iter()
            .filter(|g| g.side.is_some() == self.grid.side.is_some());
        out.extend(grids.map(|grid| Form { grid, ..self.clone() }));
        out
    }

    pub fn draft(&self, other_unit: bool) -> Draft {
        let mut draft = self.funding.draft(self.funding.wan != other_unit);
        let besides = if self.funding.has("weight") && self.funding.has("score") {
            self.funding.points()
        } else {
            (0, 0)
        };
        let sheet = self.grid.part(besides, &mut draft.facts);
        let row = |texts: &[(&str, usize)]| {
            let mut row = Vec::new();
            for (text, cols) in texts {
                row.push(Slot::Cell {
                    text: (*text).to_owned(),
                    rows: 1,
                    cols: *cols,
                });
                row.extend(vec![Slot::Right; cols - 1]);
            }
            row
        };
        let head = Grid {
            rows: vec![
                row(&[("项目名称", 1), (&self.project, 3)]),
                row(&[
                    ("主管部门", 1),
                    (&self.offices.0, 1),
                    ("实施单位", 1),
                    (&self.offices.1, 1),
                ]),
            ],
            header: 0,
        };
        draft.parts.insert(0, Part::Fixed(head));
        if let Some([label, expected, actual, wish, done]) = &self.goals {
            let mut rows = vec![
                row(&[(label, 1), (expected, 1), (actual, 1)]),
                row(&[("", 1), (wish, 1), (done, 1)]),
            ];
            rows[0][0] = Slot::Cell {
                text: label.clone(),
                rows: 2,
                cols: 1,
            };
            rows[1][0] = Slot::Below { cols: 1 };
            draft.parts.push(Part::Fixed(Grid { rows, header: 0 }));
        }
        draft.parts.push(Part::Sheet(sheet));
        let name = plain(&self.project);
        draft.facts.push(Fact {
            name: name.clone(),
            what: "project".to_owned(),
            value: name.clone(),
            yuan: None,
            raw: self.project.clone(),
        });
        draft.names.push(name);
        draft.names.extend(self.grid.names());
        draft.points.extend(self.grid.points());
        draft
    }
}
