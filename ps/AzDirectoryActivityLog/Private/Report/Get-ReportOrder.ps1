# Items in the order of a member, which is a time or a number; those that lack it first, and equal ones as they were.
function Get-ReportOrder {
    param([AllowEmptyCollection()] [object[]] $Item, [string] $Member)

    $items = [object[]]$Item.Clone()
    $keys = [string[]]@(for ($i = 0; $i -lt $items.Length; $i++) {
            $key = $items[$i][$Member]
            if ($key -is [datetime]) { $key = $key.Ticks }
            '{0:D19}|{1:D9}' -f [long]$key, $i
        })
    # Without the casts the binder takes the generic overload, and sorts copies.
    [array]::Sort([array]$keys, [array]$items, [System.Collections.IComparer][System.StringComparer]::Ordinal)
    return $items
}
