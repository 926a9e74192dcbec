<?php
// A must-use plugin: the name by which the site is asked chooses the theme, so that one WordPress shows its comments in
// a classic and in a block theme.
$realforums_theme = static fn () => str_starts_with($_SERVER['HTTP_HOST'] ?? '', 'block.') ? 'twentytwentythree' : 'twentytwentyone';
add_filter('pre_option_template', $realforums_theme);
add_filter('pre_option_stylesheet', $realforums_theme);
