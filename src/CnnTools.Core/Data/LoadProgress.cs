namespace CnnTools.Data;

/// <summary>How far the opening of a data set of image files is; told on the thread that opens it.</summary>
/// <param name="Work">What is done to the files: "checked" or "decoded".</param>
/// <param name="PerSecond">Files a second.</param>
public readonly record struct LoadProgress(string Work, int Done, int Total, double PerSecond);
