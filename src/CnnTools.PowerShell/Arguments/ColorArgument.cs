using System.Drawing;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Images;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads a colour from White, from 128 (grey), from 255,128,0 (red, green, blue) or from "#FF8000".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColorArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or RgbColor or PSObject { BaseObject: RgbColor }
            ? inputData
            : Parse(Numbers.Show(inputData).Trim(), Numbers.Read(inputData))
                ?? throw new ArgumentTransformationMetadataException(
                    $"'{Numbers.Show(inputData)}' is no colour: give a name (White), a value from 0 to 255, three of them "
                        + "(red,green,blue), or '#FF8000'.");

    private static RgbColor? Parse(string text, int[]? numbers) => numbers switch
    {
        [>= 0 and <= 255 and int grey] => new((byte)grey, (byte)grey, (byte)grey),
        [>= 0 and <= 255 and int red, >= 0 and <= 255 and int green, >= 0 and <= 255 and int blue] =>
            new((byte)red, (byte)green, (byte)blue),
        null when text.StartsWith('#') => text.Length == 7
            && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb)
                ? new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
                : null,
        null when Color.FromName(text) is { IsKnownColor: true, IsSystemColor: false, A: 255 } known => new(known.R, known.G, known.B),
        _ => null,
    };
}
