//! Rows into a table for a spreadsheet (RFC 4180).

use crate::record::Row;

/// Names of the columns.
const COLUMNS: [&str; 29] = [
    "study",
    "source",
    "part",
    "date",
    "pre",
    "flair",
    "post",
    "columns",
    "rows",
    "slices",
    "spacing_x_mm",
    "spacing_y_mm",
    "spacing_z_mm",
    "voxels",
    "volume_ml",
    "slices_marked",
    "longest",
    "perpendicular",
    "product",
    "diameter_unit",
    "product_slice",
    "presence",
    "threshold",
    "model",
    "seconds",
    "status",
    "problem",
    "remarks",
    "files",
];

/// The whole table.
pub fn table<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    let mut table = format!("{}\n", COLUMNS.join(","));
    for row in rows {
        let cells: Vec<String> = cells(row).iter().map(|text| cell(text)).collect();
        table += &cells.join(",");
        table.push('\n');
    }
    table
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    let [pre, flair, post] = row.series.each_ref().map(|name| name.clone().unwrap_or_default());
    let count = |number: Option<usize>| number.map_or(String::new(), |number| number.to_string());
    let fixed =
        |number: Option<f64>, digits: usize| number.map_or(String::new(), |number| format!("{number:.digits$}"));
    let side = |axis: usize| count(row.size.map(|size| size[axis]));
    let step = |axis: usize| fixed(row.spacing_mm.map(|steps| steps[axis]), 4);
    let diameter = |at: usize| fixed(row.diameters.map(|diameters| diameters[at]), 2);
    let unit = if row.spacing_mm.is_some() { "mm" } else { "px" };
    [
        row.study.clone(),
        row.source.clone(),
        row.part.to_string(),
        row.date.clone().unwrap_or_default(),
        pre,
        flair,
        post,
        side(0),
        side(1),
        side(2),
        step(0),
        step(1),
        step(2),
        count(row.voxels),
        fixed(row.volume_ml, 3),
        count(row.slices_marked),
        diameter(0),
        diameter(1),
        diameter(2),
        row.diameters.map_or(String::new(), |_| unit.to_owned()),
        count(row.diameters_slice),
        row.presence.map_or(String::new(), |presence| format!("{presence:.4}")),
        row.threshold.to_string(),
        row.model.clone(),
        fixed(row.seconds, 1),
        row.status.word().to_owned(),
        row.problem.clone(),
        row.remarks.join("; "),
        row.files.join("; "),
    ]
}

/// A text as a cell of its own, whatever is in it.
fn cell(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r', ';']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_cell_for_every_heading() {
        let row = Row {
            study: "p1".into(),
            part: 1,
            size: Some([4, 5, 6]),
            voxels: Some(7),
            diameters: Some([3.0, 2.0, 6.0]),
            threshold: 0.3,
            remarks: vec!["x".into(), "y".into()],
            ..Row::default()
        };
        let table = table([&row]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        assert!(lines[1].starts_with("p1,,1,,,,,4,5,6,,,,7,,,3.00,2.00,6.00,px,"), "{}", lines[1]);
        assert!(lines[1].ends_with(",failed,,\"x; y\","), "{}", lines[1]);
    }

    #[test]
    fn what_is_in_a_cell_stays_there() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("a\nb"), "\"a\nb\"");
        assert_eq!(cell("plain"), "plain");
    }
}
