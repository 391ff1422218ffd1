namespace CnnTools.Runs;

/// <summary>
/// The checkpoints of the best epochs, beside the last one: last.best.safetensors, last.best2.safetensors and so on, the
/// best first.
/// </summary>
internal static class BestCheckpoints
{
    /// <param name="place">From 0.</param>
    public static string PathOf(string checkpoint, int place) =>
        $"{Path.ChangeExtension(checkpoint, null)}.best{(place == 0 ? "" : $"{place + 1}")}{Path.GetExtension(checkpoint)}";

    /// <exception cref="CnnException">One of them is there already.</exception>
    public static void RequireAbsent(string checkpoint, int keep)
    {
        if (Enumerable.Range(0, keep).Select(place => PathOf(checkpoint, place)).FirstOrDefault(File.Exists) is { } path)
        {
            throw Errors.FileExists(path, "Use -Force to replace it, or give another -CheckpointPath.");
        }
    }

    /// <summary>Moves those behind a place on by one, and the last one out.</summary>
    /// <returns>The place's path, for a new checkpoint.</returns>
    public static string MakeRoom(string checkpoint, int place, int keep)
    {
        for (int behind = keep - 1; behind > place; behind--)
        {
            if (File.Exists(PathOf(checkpoint, behind - 1)))
            {
                File.Move(PathOf(checkpoint, behind - 1), PathOf(checkpoint, behind), overwrite: true);
            }
        }

        return PathOf(checkpoint, place);
    }
}
