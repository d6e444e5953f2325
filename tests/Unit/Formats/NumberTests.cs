using System.Globalization;
using System.Text;
using GeoWps.Adapters.Formats;

namespace GeoWps.Tests.Unit.Formats;

public sealed class NumberTests
{
    [Fact]
    public void EveryDoubleIsWrittenWithTheFewestDigitsThatReadBack()
    {
        var random = new Random(20261124);
        for (var i = 0; i < 300_000; i++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            Check((random.NextDouble() * 360) - 180);
            Check(Math.Round((random.NextDouble() * 2e7) - 1e7, random.Next(0, 9)));
        }

        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            var power = Math.ScaleB(1, exponent);
            Check(power);
            Check(Math.BitIncrement(power));
            Check(Math.BitDecrement(power));
        }

        foreach (var value in (double[])[0, double.MaxValue, double.Epsilon, 1e21, 1e22, 1e23, 9007199254740993, 1e-6, 1e-7, 123456789012345680000.0, 5e-324, 2.2250738585072014E-308])
        {
            Check(value);
            Check(-value);
        }
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(180.0, "180")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e21")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(-1.7976931348623157e308, "-1.7976931348623157e308")]
    public void NumbersArePlainInTheRangeOfCoordinates(double value, string text) => Text(value).ShouldBe(text);

    [Theory]
    [InlineData(1.23456789, 3, "1.235")]
    [InlineData(-1.2e-9, 3, "0")]
    [InlineData(-0.0005, 3, "-0.001")]
    [InlineData(1e300, 7, "1e300")]
    [InlineData(12.5, 0, "13")]
    [InlineData(0.1, 40, "0.1")]
    public void DecimalsAreRounded(double value, int decimals, string text) => Text(value, decimals).ShouldBe(text);

    [Fact]
    public void NumbersAreReadToTheNearestDouble()
    {
        var random = new Random(7);
        string[] hard = ["9007199254740993", "9007199254740992.5", "1.7976931348623158e308", "4.9e-324", "0.1e-5", "123456789012345678901234567890", "1e22", "1e23", "-0", "8.5e-30",
            "0.000000000000000000000000000000001", "18446744073709551616", "2.2250738585072011e-308", "1E+2", "-1e-2"];
        var random1 = Enumerable.Range(0, 200_000).Select(_ => string.Create(CultureInfo.InvariantCulture,
            $"{(random.Next(2) == 0 ? "-" : "")}{random.Next(0, 100_000)}.{random.NextInt64(0, 1_000_000_000_000_000)}{(random.Next(4) == 0 ? $"e{random.Next(-30, 30)}" : "")}"));
        foreach (var text in hard.Concat(random1))
        {
            JsonNumber.Read(Encoding.UTF8.GetBytes(text), out var number).ShouldBe(text.Length, text);
            var bits = BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture));
            BitConverter.DoubleToInt64Bits(number.ToDouble()).ShouldBe(bits, text);
        }
    }

    private static void Check(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        var text = Text(value);
        var framework = value.ToString("R", CultureInfo.InvariantCulture);
        // The framework's text is no measure where it does not read back itself: 2^-958 is one such.
        if (!ReadsBack(text, value) || (ReadsBack(framework, value) && DigitsOf(text) > DigitsOf(framework)))
        {
            Assert.Fail($"{framework} became {text}");
        }
    }

    private static bool ReadsBack(string text, double value) =>
        BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value);

    private static int DigitsOf(string text)
    {
        var significand = text.Split('e', 'E')[0].Replace("-", "").Replace(".", "").TrimStart('0');
        return significand.TrimEnd('0').Length;
    }

    private static string Text(double value, int decimals = -1)
    {
        Span<byte> into = stackalloc byte[NumberText.Longest];
        return Encoding.ASCII.GetString(into[..NumberText.Write(value, decimals, into)]);
    }
}
