"""What is said of the data as a whole: what it is, and on which terms it may be used."""

DESCRIPTION = (
    "この計画の指標の目標・実績・達成率を、1指標・1年度・1期間を1行とする表で提供します。"
    "計画の基準年度から最終年度までのすべての指標と年度を含みます。"
)
LICENSE = "公共データ利用規約（第1.0版）"
LICENSE_ADDRESS = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"
