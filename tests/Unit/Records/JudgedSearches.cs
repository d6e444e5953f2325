using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Records;

/// <summary>Searches that we have judged: what has to be found, and in which order. docs/records.md shows them.</summary>
public static class JudgedSearches
{
    /// <summary>A small library in ten languages.</summary>
    public static IReadOnlyList<CatalogueRecord> Library { get; } =
    [
        Record("flood-map", "Flood map of the Elbe valley", "Areas under water in August 2002.", "flood", "hydrology"),
        Record("flood-report", "Report on the Elbe flood of 2002", "How high the water stood, with a map of each town.", "flood"),
        Record("levees", "Levees and dams", "Where the valley is protected against floods.", "flood protection", "Elbe"),
        Record("elbe-ships", "Ships on the Elbe", "Traffic on the river by month."),
        Record("wuhan-bridge", "武汉长江大桥规划图", "大桥及其引道的规划。", "桥梁", "规划"),
        Record("wuhan-flood", "武汉市1998年洪水淹没范围", "长江水位与淹没面积。", "洪水"),
        Record("yangtze-atlas", "长江流域地图集", "包括武汉、南京和上海。", "地图", "流域"),
        Record("lake", "东湖水质监测报告", "武汉东湖十个监测点。", "水质"),
        Record("tokyo", "東京都の洪水ハザードマップ", "浸水の深さと避難所。", "洪水", "防災"),
        Record("seoul", "서울특별시 침수 지도", "한강 주변의 침수 지역.", "침수"),
        Record("landuse", "Land use 1:25 000", "Fields, forests, settlements.", "land use", "soil"),
        Record("soil", "Soil map 1:200 000", "Soils and how the land may be used.", "soil"),
        Record("muenchen", "Straßenkarte München", "Alle Straßen der Stadt.", "Straße"),
        Record("cafe", "Cafés de Montréal", "Où boire un café.", "café"),
        Record("moscow", "Карта дорог Москвы", "Дороги и улицы.", "дороги"),
        Record("cairo", "خريطة فيضان النيل في القاهرة", "مناطق الغمر قرب النهر."),
        Record("saxony", "Überschwemmungsgebiete an der Müglitz", "Aus dem Hochwasserschutzkonzept von 2004."),
        Record("metro", "Guangzhou 广州 Metro survey 2001", "Lines of the 地铁 and its stations.", "地铁"),
        Record("minutes", "Minutes of the council", "Session of 3 May.") with { Text = "The mayor spoke.\nThe new bridge over the Elbe will be built next year.\nThe session was closed." },
    ];

    /// <summary>Words, and what is found, best first.</summary>
    public static TheoryData<string, string> Searches => new()
    {
        { "flood", "flood-map flood-report levees" },
        { "elbe flood", "flood-map flood-report levees" },
        { "flood map", "flood-map flood-report" },
        { "elbe", "elbe-ships flood-map flood-report levees minutes" },
        { "elbe bridge", "minutes" },
        { "\"land use\"", "landuse" },
        { "land use", "landuse soil" },
        { "武汉", "wuhan-bridge wuhan-flood lake yangtze-atlas" },
        { "长江", "yangtze-atlas wuhan-bridge wuhan-flood" },
        { "大桥", "wuhan-bridge" },
        { "洪水", "wuhan-flood tokyo" },
        { "武汉 洪水", "wuhan-flood" },
        { "水", "wuhan-flood tokyo lake" },
        { "ハザード", "tokyo" },
        { "침수", "seoul" },
        { "strasse", "muenchen" },
        { "STRASSENK", "muenchen" },
        { "montreal cafe", "cafe" },
        { "москвы", "moscow" },
        { "1:25", "landuse" },
        { "bridge,大桥", "wuhan-bridge minutes" },
        { "volcano", "" },
        { "避難所", "tokyo" },
        { "東京 洪水", "tokyo" },
        { "한강", "seoul" },
        { "서울 침수", "seoul" },
        { "القاهرة", "cairo" },
        { "خَرِيطَة", "cairo" },
        { "النيل فيضان", "cairo" },
        { "müglitz", "saxony" },
        { "MUGLITZ", "saxony" },
        { "überschwemmung", "saxony" },
        { "Hochwasserschutzkonzept", "saxony" },
        { "schutzkonzept", "" },
        { "广州", "metro" },
        { "广州 metro", "metro" },
        { "metro广州", "metro" },
        { "地铁 2001", "metro" },
        { "Ｍｅｔｒｏ", "metro" },
    };

    private static CatalogueRecord Record(string id, string title, string description, params string[] keywords) => new("library", id, "document", title) { Description = description, Keywords = keywords };
}
