package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"schemer/extract"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the versions of the program and of its reader",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Printf("schemer %s, reader %s\n", version(), extract.Version)
			return nil
		},
	}
}

func (a *app) manCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "write the manual pages to a directory",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := doc.GenManTree(root, &doc.GenManHeader{Title: "SCHEMER", Section: "1"}, args[0]); err != nil {
				return usage("manual pages to %s: %v; name an existing directory", args[0], err)
			}
			return nil
		},
	}
}
