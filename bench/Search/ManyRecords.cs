using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;

namespace GeoWps.Bench.Search;

/// <summary>Records with Chinese and English titles, as an archive office of a city has them; the same for the same seed.</summary>
internal static class ManyRecords
{
    private static readonly string[] _subjects = ["flood", "land use", "soil", "forest", "road", "bridge", "railway", "water supply", "sewer", "school", "hospital", "park", "harbour", "airport", "river", "lake", "mine", "cadastral", "heritage", "noise"];
    private static readonly string[] _kinds = ["map", "survey", "plan", "report", "atlas", "inventory", "aerial photograph", "elevation model", "statistics", "minutes"];
    private static readonly string[] _places = ["Ashford", "Birkdale", "Caldwell", "Dunmore", "Eastwick", "Farnham", "Glenrock", "Harwood", "Iverton", "Jarrow", "Kelso", "Lynmouth"];
    private static readonly string[] _districts = ["江岸区", "江汉区", "硚口区", "汉阳区", "武昌区", "青山区", "洪山区", "东西湖区", "蔡甸区", "江夏区", "黄陂区", "新洲区"];
    private static readonly string[] _matters = ["洪水淹没", "土地利用", "土壤", "森林资源", "道路", "长江大桥", "铁路", "供水管网", "排水", "学校", "医院", "公园", "港口", "机场", "河流", "湖泊", "矿产", "地籍", "文物保护", "噪声"];
    private static readonly string[] _forms = ["规划图", "调查报告", "地图集", "测绘成果", "航空影像", "高程模型", "统计年鉴", "会议纪要", "档案", "设计图"];
    private static readonly string[] _types = ["map", "document", "dataset", "photograph"];

    /// <summary>What is asked for: from a word that one record in two thousand has to one that half of them have, in both languages, phrases, begins, single characters.</summary>
    public static string[] Searches { get; } =
    [
        "flood", "flood map", "soil survey Kelso", "\"land use\" report", "bridge Harwood 1987", "harbour", "aerial", "railway plan", "noise statistics 2001", "cadastral Ashford", "water supply Dunmore", "minutes",
        "heritage Glenrock atlas", "lake inventory", "mine 1965", "forest elev", "airport", "\"elevation model\" river", "Lynmouth school", "sewer plan Jarrow 1999",
        "洪水", "洪水淹没", "武昌区 土地利用", "长江大桥规划图", "地籍", "江", "图", "1987 航空影像", "统计年鉴 洪山区", "档案", "供水管网", "文物保护 1965", "高程模型 湖泊", "东西湖区 噪声", "会议纪要 2001", "森林资源调查", "汉阳区 港口 规划图", "排水设计", "测绘成果 江岸区 1999", "矿产",
    ];

    public static IEnumerable<CatalogueRecord> Make(string source, int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var (subject, kind, place, year) = (random.Next(_subjects.Length), random.Next(_kinds.Length), random.Next(_places.Length), random.Next(1950, 2025));
            var isChinese = random.Next(2) == 0;
            var (x, y) = ((random.NextDouble() * 3) + 113, (random.NextDouble() * 2) + 29);
            yield return new CatalogueRecord(source, FormattableString.Invariant($"{seed}-{i}"), _types[random.Next(_types.Length)], isChinese
                ? FormattableString.Invariant($"{_districts[place]}{year}年{_matters[subject]}{_forms[kind]}第{i % 97}卷")
                : FormattableString.Invariant($"{Capital(_subjects[subject])} {_kinds[kind]} of {_places[place]} {year}, sheet {i % 97}"))
            {
                Description = isChinese ? $"{_districts[place]}的{_matters[subject]}{_forms[kind]}，由市档案馆保存。" : $"The {_kinds[kind]} shows {_subjects[subject]} in the district of {_places[place]}, as it was kept by the city's archive.",
                Keywords = isChinese ? [_matters[subject], _forms[kind]] : [_subjects[subject], _kinds[kind]],
                Language = isChinese ? "zh" : "en",
                Extents = [new Extent(x, y, x + 0.05, y + 0.05)],
                Classifications = [new Classification("plan", ((char)('A' + (subject % 9))).ToString())],
                ExternalIds = [new ExternalId(FormattableString.Invariant($"{seed}/{i}"), "urn:archive")],
                Updated = DateTimeOffset.UnixEpoch.AddDays(random.Next(10_000, 20_000)),
                Version = "1",
            };
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
