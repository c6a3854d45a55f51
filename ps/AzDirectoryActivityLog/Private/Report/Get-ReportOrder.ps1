# Items in the order of their keys, as ordinal text.
function Get-ReportOrder {
    param([AllowEmptyCollection()] [string[]] $Key, [AllowEmptyCollection()] [object[]] $Item)

    # Without the casts the binder takes the generic overload, and sorts copies.
    [array]::Sort([array]$Key, [array]$Item, [System.Collections.IComparer][System.StringComparer]::Ordinal)
    return , $Item
}
