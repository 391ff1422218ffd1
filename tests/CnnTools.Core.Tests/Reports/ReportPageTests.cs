using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CnnTools.Reports;

namespace CnnTools.Tests.Reports;

public sealed class ReportPageTests
{
    [Fact]
    public void The_policy_allows_this_style_and_this_script_and_no_address()
    {
        string page = ReportPage.Of("A title", "<p>text</p>");

        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        Assert.StartsWith("default-src 'none'; img-src data:;", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{HashOf(page, "style")}'", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{HashOf(page, "script")}'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(http|//)|@import|url\\(", page);
    }

    [Fact]
    public void What_looks_like_a_place_in_the_text_is_none()
    {
        string page = ReportPage.Of("{{body}}", "<p>{{script}}</p>");

        Assert.Contains("<title>{{body}}</title>", page, StringComparison.Ordinal);
        Assert.Contains("<p>{{script}}</p>", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<script>"));
    }

    [Fact]
    public void Text_and_attributes_are_escaped()
    {
        HtmlWriter html = new();
        html.Element("p", "a<b & 'c'\0", ("title", "\"><script>"), ("class", null));
        html.Void("img", ("alt", "x"));

        Assert.Equal("<p title=\"&quot;&gt;&lt;script&gt;\">a&lt;b &amp; &#39;c&#39;\uFFFD</p>\n<img alt=\"x\">", html.ToString());
    }

    [Theory]
    [InlineData(0.0, "0.0000")]
    [InlineData(2.30258, "2.3026")]
    [InlineData(0.00012346, "1.235e-4")]
    [InlineData(1234567, "1.235e+6")]
    [InlineData(-0.5, "-0.5000")]
    [InlineData(double.NaN, "NaN")]
    public void Losses_are_short_and_tell_their_size(double value, string expected) => Assert.Equal(expected, Figure.Digits(value));

    [Theory]
    [InlineData(12.34, "12.3 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(7384, "2 h 03 min")]
    public void Times_are_told_as_people_do(double seconds, string expected) => Assert.Equal(expected, Figure.Duration(seconds).Text);

    /// <summary>Of what stands in the first element of the name that has no attributes.</summary>
    private static string HashOf(string page, string element) => "sha256-" + Convert.ToBase64String(SHA256.HashData(
        Encoding.UTF8.GetBytes(Regex.Match(page, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value)));
}
