using System.Collections;
using System.Management.Automation;
using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.PowerShell;

/// <summary>What a user gave as images, one by one.</summary>
internal static class ImageItems
{
    // In a row: what names the image.
    private static readonly string[] Columns = ["Image", "Path"];

    /// <summary>A list of images is taken apart, one of numbers is not.</summary>
    public static IEnumerable<object?> Of(object? value) => value.Unwrap() is IList { Count: > 0 } list && list.Cast<object?>().All(IsWhole)
        ? list.Cast<object?>()
        : [value];

    /// <summary>The file that a row, of Import-Csv for one, is about.</summary>
    /// <exception cref="CnnException">RowWithoutImage: it names none.</exception>
    public static string NameIn(PSObject row) =>
        Columns.Select(name => $"{row.Properties[name]?.Value}").FirstOrDefault(cell => cell.Length > 0)
            ?? throw Errors.RowWithoutImage(row.Properties.Select(property => property.Name));

    private static bool IsWhole(object? item) =>
        item.Unwrap() is string or FileSystemInfo or CnnImage or FeatureMap or PSCustomObject;
}
