"""Reads the flat tables of an output folder back with pyarrow and DuckDB and compares them with the NDJSON, value by value.

Usage: compare_tables.py DIR    (DIR holds reports.ndjson, csv/ and parquet/)

Written against the contract of the record and docs/data-dictionary.md, not against the program's own row code.
"""

import csv
import decimal
import glob
import json
import sys

import duckdb
import pyarrow.parquet as pq

D = decimal.Decimal
decimal.getcontext().prec = 60
csv.field_size_limit(1 << 30)


def fits(number, digits, scale):
    """Whether a number fits DECIMAL(digits, scale) exactly."""
    shifted = number.scaleb(scale)
    return shifted == shifted.to_integral_value() and abs(shifted) < D(10) ** digits


def figure(name, text, kind=(38, 12)):
    number = D(text) if text is not None else None
    typed = number if number is not None and fits(number, *kind) else None
    return {name: typed, name + "_text": text}


def money(name, text):
    return figure(name, text, (20, 2))


def as_json(items):
    return json.loads(json.dumps(items)) if items else None


def place(prefix, at):
    box = at.get("bbox") or [None] * 4
    edges = {prefix + n: (None if v is None else float(v)) for n, v in zip(("x0", "y0", "x1", "y1"), box)}
    return {prefix + "page": at.get("page"), **edges, prefix + "continued": as_json(at.get("continued"))}


def source(at):
    return {
        **place("source_", at),
        "source_block": at.get("block"),
        "source_table": at.get("table"),
        "source_row": at.get("row"),
        "source_col": at.get("col"),
        "source_text": at.get("text"),
    }


def value(name, v):
    v = v or {}
    at = v.get("source") or {}
    out = {f"{name}_{k}": v.get(k) for k in ("raw", "kind", "unit", "date")}
    for part in ("value", "low", "high"):
        out.update(figure(f"{name}_{part}", v.get(part)))
    out[f"{name}_parts"] = as_json(v.get("parts"))
    out.update({f"{name}_{k}": at.get(k) for k in ("page", "row", "col")})
    return out


def pick(item, *names):
    return {name: item.get(name) for name in names}


def expected(record):
    """Rows by table, each a dict by column, without the key and the closing columns."""
    doc, info = record["document"], record["report"]
    yield "document", "document", {
        **pick(doc, "path", "format", "bytes", "pages"),
        **pick(info, "kind", "title", "organization", "region", "region_code", "date"),
        "budget_lines": len(record["budgets"]),
        "indicators": len(record["indicators"]),
        "checks_failed": sum(c["status"] == "fail" for c in record["checks"]),
        "warnings": len(record["warnings"]),
    }
    for n, p in enumerate(record["projects"], 1):
        own = pick(p, "name", "code", "department", "implementer", "goal_expected", "goal_actual")
        yield "project", f"p{n}", {**own, "table_id": p["table"], **source(p["source"])}
    for t in record["tables"]:
        own = pick(t, "kind", "title", "unit", "header_rows", "reason")
        lists = {"cells": len(t["cells"]), "columns": as_json(t["columns"]), "evidence": as_json(t["evidence"])}
        yield "report_table", t["id"], {**own, **lists, **source(t["source"])}
        for c in t["cells"]:
            own = pick(c, "row", "col", "row_span", "col_span", "text")
            yield "cell", f"{t['id']}/r{c['row']}c{c['col']}", {"table_id": t["id"], **own, **place("", c)}
    for b in record["budgets"]:
        head = {"line_id": b["id"], "table_id": b["table"], **pick(b, "row", "level1", "name", "role")}
        for measure, a in b["amounts"].items():
            own = {"measure": measure, "header": None, **pick(a, "raw", "unit")}
            figures = {**figure("value", a["value"]), **money("yuan", a["yuan"]), **figure("percent", a.get("percent"))}
            yield "budget_line", f"{b['id']}/{measure}", {**head, **own, **figures, **source(a["source"])}
        for n, a in enumerate(b["others"], 1):
            own = {"measure": None, **pick(a, "header", "raw", "unit")}
            figures = {**figure("value", a["value"]), **money("yuan", a["yuan"]), **figure("percent", None)}
            yield "budget_line", f"{b['id']}/other{n}", {**head, **own, **figures, **source(a["source"])}
        if not b["amounts"] and not b["others"]:
            own = {"measure": None, "header": None, "raw": "", "unit": None}
            figures = {**figure("value", None), **money("yuan", None), **figure("percent", None)}
            yield "budget_line", f"{b['id']}/none", {**head, **own, **figures, **source(b["source"])}
    for i in record["indicators"]:
        own = {"table_id": i["table"], **pick(i, "row", "project", "level1", "level2", "name", "deviation_reason", "met")}
        own.update(value("target", i["target"]))
        own.update(value("actual", i["actual"]))
        for name in ("weight", "score", "level1_weight"):
            own.update(figure(name, i.get(name)))
        own.update(value("interim", i.get("interim")))
        own.update(value("forecast", i.get("forecast")))
        yield "indicator", i["id"], {**own, **source(i["source"])}
    for n, s in enumerate(record["scores"], 1):
        own = {**pick(s, "project", "kind", "name", "grade"), "table_id": s.get("table")}
        yield "score", f"s{n}", {**own, **figure("value", s["value"]), **figure("full", s["full"]), **source(s["source"])}
    for n, s in enumerate(record["statements"], 1):
        own = pick(s, "raw", "kind", "subject", "qualifier", "unit", "start", "end")
        own.update(pick(s, "direction", "compared_with", "share_of"))
        yield "statement", f"n{n}", {**own, **figure("value", s["value"]), **money("yuan", s["yuan"]), **source(s["source"])}
    for c in record["checks"]:
        own = pick(c, "rule", "name", "status", "severity", "message", "stated", "computed", "unit")
        own["operands"] = as_json(c["operands"])
        figures = {**figure("difference", c["difference"]), **figure("tolerance", c["tolerance"])}
        yield "check", c["id"], {**own, **figures, **source(c["operands"][0] if c["operands"] else {})}
    for n, w in enumerate(record["warnings"], 1):
        yield "warning", f"w{n}", {**pick(w, "code", "message"), **source(w["source"])}


JSON_COLUMNS = {"columns", "evidence", "operands", "target_parts", "actual_parts", "interim_parts", "forecast_parts", "continued", "source_continued"}


def same(column, got, want):
    if column in JSON_COLUMNS and got is not None:
        got = json.loads(got)
    if isinstance(want, D):
        return isinstance(got, D) and got == want
    return type(got) is type(want) and got == want


def csv_same(column, got, want):
    """A CSV cell has no type: null and the empty text are both empty."""
    if want is None or want == "":
        return got == ""
    if isinstance(want, bool):
        return got == ("true" if want else "false")
    if isinstance(want, D):
        return "e" not in got.lower() and D(got) == want
    if isinstance(want, float):
        return float(got) == want
    if isinstance(want, int):
        return got == str(want)
    got = got[1:] if got.startswith("'") else got
    if column in JSON_COLUMNS:
        return json.loads(got) == want
    return got == want


def main(root):
    rows, values = {}, 0
    with open(f"{root}/reports.ndjson", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            doc = record["document"]
            close = {"fiscal_year": record["report"]["fiscal_year"], "schema_version": 2, "extractor": doc["extractor"]}
            for table, row_id, row in expected(record):
                key = (doc["sha256"], row_id)
                table = rows.setdefault(table, {})
                assert key not in table, f"two rows of the key {key}"
                table[key] = {"document_sha256": doc["sha256"], "row_id": row_id, **row, **close}
    faults = []

    def compare(reader, table, got, equal):
        nonlocal values
        want = rows.get(table, {})
        seen = set()
        for row in got:
            key = (row["document_sha256"], row["row_id"])
            seen.add(key)
            if key not in want:
                faults.append(f"{reader} {table} {key}: not in the NDJSON")
                continue
            if set(row) != set(want[key]):
                faults.append(f"{reader} {table}: columns differ by {sorted(set(row) ^ set(want[key]))}")
                return
            for column, value in row.items():
                values += 1
                if not equal(column, value, want[key][column]):
                    faults.append(f"{reader} {table} {key} {column}: {value!r}, NDJSON {want[key][column]!r}")
        if len(seen) != len(want) or len(seen) != len(got):
            faults.append(f"{reader} {table}: {len(got)} rows, {len(want)} expected")

    tables = ["document", "project", "report_table", "cell", "budget_line", "indicator", "score", "statement", "check", "warning"]
    for table in tables:
        pattern = f"{root}/parquet/{table}/*/*.parquet"
        got = []
        for path in sorted(glob.glob(pattern)):
            year = path.split("fiscal_year=")[1].split("/")[0]
            year = None if year == "__HIVE_DEFAULT_PARTITION__" else int(year)
            file = pq.ParquetFile(path)
            assert file.metadata.metadata[b"heshu.schema_version"] == b"2", path
            assert "fiscal_year" not in file.schema_arrow.names, path
            got += [{**row, "fiscal_year": year} for row in file.read().to_pylist()]
        compare("pyarrow", table, got, same)
        query = f"select * from read_parquet('{pattern}', hive_partitioning=true, hive_types={{'fiscal_year': BIGINT}})"
        result = duckdb.sql(query)
        names = result.columns
        compare("duckdb", table, [dict(zip(names, row)) for row in result.fetchall()], same)
        with open(f"{root}/csv/{table}.csv", encoding="utf-8-sig", newline="") as file:
            compare("csv", table, list(csv.DictReader(file)), csv_same)
        # DuckDB reads every text of the CSV as it stands, formula guard included.
        query = f"select count(*) from read_csv('{root}/csv/{table}.csv', all_varchar=true, header=true, max_line_size=100000000)"
        count = duckdb.sql(query).fetchall()[0][0]
        if count != len(rows.get(table, {})):
            faults.append(f"duckdb csv {table}: {count} rows, {len(rows.get(table, {}))} expected")
    for fault in faults[:20]:
        print(fault)
    total = sum(map(len, rows.values()))
    print(f"{total} rows, {values} values compared, {len(faults)} differences")
    sys.exit(1 if faults or total == 0 else 0)


main(sys.argv[1])
