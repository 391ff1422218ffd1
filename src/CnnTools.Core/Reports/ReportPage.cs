using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnTools.Reports;

/// <summary>
/// The frame of a report: one HTML page with its style and its script in it. Its policy lets the browser run and apply these
/// two alone, and load nothing.
/// </summary>
internal static partial class ReportPage
{
    private static readonly string Page = Read("page.html");
    private static readonly string Style = Read("report.css");
    private static readonly string Script = Read("report.js");

    private static readonly string Policy =
        $"default-src 'none'; img-src data:; style-src '{HashOf(Style)}'; script-src '{HashOf(Script)}'; base-uri 'none'; form-action 'none'";

    /// <param name="title">Text.</param>
    /// <param name="body">HTML.</param>
    public static string Of(string title, string body) => Places().Replace(Page, place => place.Groups[1].Value switch
    {
        "policy" => Policy,
        "title" => HtmlWriter.Escape(title),
        "style" => Style,
        "script" => Script,
        _ => body,
    });

    /// <summary>As the browser computes it, over what stands between the tags.</summary>
    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);

        // Browsers see no other ends of lines.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(policy|title|style|body|script)\}\}")]
    private static partial Regex Places();
}
