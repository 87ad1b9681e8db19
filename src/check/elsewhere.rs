//! Rules that one report alone cannot answer, and rules of form.

use super::catalogue::rules;

rules! {
    /// 上一年年末结转 = 本年年初结转（上年结转资金）。收回、调账、前期更正除外。
    XDC_01 = ("XDC-01", "结转衔接", Error, NeedsSeveralDocuments);
    /// 同一项目各年的目标、权重、文字是否跳变或照抄。
    XDC_02 = ("XDC-02", "同项目跨年", Info, NeedsSeveralDocuments);
    /// 报告正文、自评表、财政决算表的同一数是否相等（注意预算口径与决算口径）。
    XDC_03 = ("XDC-03", "报告=表=决算", Error, NeedsSeveralDocuments);
    /// 各项目预算之和不超过部门项目支出（转移支付给其他单位的除外）。
    XDC_04 = ("XDC-04", "Σ项目≤部门", Warning, NeedsSeveralDocuments);
    /// 区域绩效自评表的数等于各项目（下级）之和。
    XDC_05 = ("XDC-05", "Σ下级=区域", Error, NeedsSeveralDocuments);
    /// 年初绩效目标表与自评表中的目标是否相同（事后改目标）。
    XDC_06 = ("XDC-06", "目标表=自评表", Error, NeedsSeveralDocuments);
    /// 是否为改了年份的旧报告。
    XDC_07 = ("XDC-07", "文件去重", Info, NeedsSeveralDocuments);
    /// 必填栏、年度一致、单位公章、填报人、日期、占位符、标题序号、文号格式：尚未实现。
    FMT_01 = ("FMT-01", "格式", Info, NotImplemented);
}
