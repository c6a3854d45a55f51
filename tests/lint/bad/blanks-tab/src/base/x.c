int	x;
