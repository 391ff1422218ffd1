using FsCheck;

namespace CnnTools.Tests.Data;

/// <summary>How properties are checked: from a fixed seed, so that a build that passed passes again.</summary>
internal static class Properties
{
    public static void Hold(Property property) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_118, 1), property);
}
