namespace CnnTools.Inspection;

/// <summary>How a picture is brought to the size of a network's input.</summary>
public enum PictureFit
{
    /// <summary>All of it is scaled; its height and width change by their own factors.</summary>
    Stretch,

    /// <summary>The largest part around its centre that has the input's proportions is scaled.</summary>
    Cover,
}
