using System.Globalization;

namespace GeoWps.Domain.Spatial;

/// <summary>Which axis comes first in documents that keep to a CRS's own order: OGC API - Features - Part 2 (OGC 18-058r1), 7.6, for <c>bbox</c> and coordinates.</summary>
public static class AxisOrder
{
    /// <summary>
    /// Codes whose first axis goes north (latitude, northing) or south, as ranges; codes between them that are not registered may lie in one. From the EPSG
    /// Geodetic Parameter Dataset v10.076 (IOGP).
    /// </summary>
    private const string NorthFirst = """
        2036 2044-2045 2065 2081-2083 2085-2086 2091-2093 2096-2098 2105-2132 2166-2180 2193 2199-2200 2206-2212 2218 2221
        2296-2307 2319-2549 2551-2735 2738-2758 2935-2941 2953 2963 3006-3030 3034-3035 3038-3051 3058-3059 3068 3114-3118 3120
        3126-3140 3144-3147 3150-3152 3173 3300-3301 3328-3335 3346 3350-3352 3366 3386-3390 3396-3399 3407 3414 3416 3764
        3788-3793 3795-3796 3819-3824 3833-3854 3873-3889 3906 4001-4047 4052-4055 4074-4081 4120-4216 4218-4388 4417 4434
        4463-4466 4469-4470 4472 4475-4483 4490-4558 4568-4646 4652-4824 4839-5013 5017 5048 5105-5188 5224 5228-5233 5245-5246
        5251-5264 5269-5275 5323-5324 5340-5354 5359-5360 5364-5381 5392-5393 5451 5464 5467 5479-5482 5488-5489 5513 5515
        5518-5520 5524-5527 5545-5546 5560-5588 5592-5593 5632-5639 5651-5653 5681 5830 5885-5886 6134-6135 6207 6244-6275
        6310-6311 6318-6325 6362-6365 6372-6387 6667-6687 6705-6709 6782-6783 6870-6876 6881-6883 6892-6894 6962 6979-6983
        6986-6990 7072-7073 7135-7139 7372-7373 7657-7686 7797-7801 7816-7844 7880-7881 7885-7886 7900-7931 8042-8045 8085-8086
        8231-8255 8351-8352 8399-8449 8542-8545 8684-8685 8694-8818 8860-8900 8906-8907 8916-8949 8972-9140 9147-9148 9152-9153
        9183-9184 9221-9254 9267-9294 9299 9308-9309 9332-9333 9364 9372 9377-9384 9403 9453 9469-9470 9474-9475 9498-9547
        9695-9696 9701-9702 9739 9754-9758 9763 9776-9777 9781-9782 9821 9831-9841 9851-9866 9871 9893-9939 9964 9969 9974
        9989-9990 20004-20041 20064-20092 20904-20932 21004-21032 21207-21264 21307-21483 21891-21894 21896-21899 22171-22197 22240 25884
        27205-27232 27391-27398 27492 28402-28492 29701-29702 30161-30179 30800 31251-31259 31265-31268 31275-31297 31462-31469 31700
        32661 32761
        """;

    private static readonly (int First, int Last)[] _ranges = [.. NorthFirst.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(range => range.Split('-')).Select(ends => (Number(ends[0]), Number(ends[^1])))];

    /// <summary>Whether the latitude or the northing stands before the longitude or the easting.</summary>
    public static bool IsYFirst(Crs crs) => crs.Authority == "EPSG" && int.TryParse(crs.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && Array.Exists(_ranges, range => code >= range.First && code <= range.Last);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
