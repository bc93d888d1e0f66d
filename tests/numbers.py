"""A plan whose figures are of every sort, as the plan book that a city would write.

Long units, ▲, four decimals, fifteen digits, limits, milestones, a forecast, and a survey that is
not held every year. R7 上半期 is entered.
"""

from tests.planbooks import MEASURE, PLAN, table

UNIT = "人（市内に住む事業所の従業者の延べ数）等"  # twenty letters
INDICATORS = f"""
    指標コード | 指標名           | 単位   | 小数桁 | 種別     | 方向 | 算式       | 基準年度 | 基準値
    1-1        | 収支             | 億円   | 4      | 時点     | 増加 | 基準値比   | R5       | ▲1.5
    1-2        | 延べ従業者       | {UNIT} | 0      | 累計     | 増加 | 単純比     |          |
    1-3        | 拠点の設置       | 有無   | 0      | 達成有無 | 増加 | 算定しない | R5       | 未達成
    1-4        | 廃棄物の排出量   | トン   | 0      | 累計     | 上限 | 逆比       |          |
    1-5        | 満足度           | %      | 1      | 割合     | 維持 | 単純比     | R5       | 95.0
    1-6        | 相談件数         | 件     | 0      | 累計     | 増加 | 単純比     | R5       | 1,100
    1-7        | 開業率           | %      | 1      | 割合     | 増加 | 単純比     | R5       | 7.2
"""
TARGETS = """
    指標コード | 年度 | 目標値              | 目標の言葉
    1-1        | R6   | ▲1                  |
    1-1        | R7   | ▲0.0005             |
    1-2        | R7   | 123,456,789,012,345 |
    1-3        | R7   | 達成                | 設置
    1-3        | R8   | 1                   | スマート物流センターの供用開始
    1-4        | R7   | 30                  |
    1-5        | R7   | 95                  |
    1-6        | R6   | 1,150               |
    1-6        | R7   | 1,200               |
    1-7        | R6   | 8                   |
    1-7        | R7   | 10                  |
"""
ACTUALS = """
    指標コード | 年度 | 期間   | 実績値              | 年度末見込 | 調査年度
    1-1        | R6   | 年度   | ▲1.2345             |            |
    1-1        | R7   | 上半期 | ▲0.6                | ▲0.1       |
    1-2        | R7   | 上半期 | 123,456,789,012,344 |            |
    1-3        | R6   | 年度   | 未達成              |            |
    1-3        | R7   | 上半期 | 未達成              | ○          |
    1-4        | R7   | 上半期 | 12                  |            |
    1-5        | R7   | 上半期 | 96.5                |            |
    1-6        | R6   | 年度   | 1,124               |            |
    1-6        | R7   | 上半期 | 704                 | 1,350      |
    1-7        | R6   | 年度   | 7.2                 |            | R5
    1-7        | R7   | 上半期 | 7.2                 |            | R5
"""
STRATEGY = {"戦略番号": 1}
BOOK = {
    "計画": [PLAN],
    "体系": [MEASURE],
    "指標": [STRATEGY | one for one in table(INDICATORS)],
    "目標": table(TARGETS),
    "実績": table(ACTUALS),
}
