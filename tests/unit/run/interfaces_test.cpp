// SPDX-License-Identifier: Apache-2.0
#include "core/run/interfaces.hpp"

#include <gtest/gtest.h>

namespace offlineimap::core {
namespace {

TEST(InterfaceType, is_found_by_its_present_and_its_former_names)
{
    EXPECT_EQ(interface_type("ttyui"), "ttyui");
    EXPECT_EQ(interface_type(" MachineUI "), "machineui");
    EXPECT_EQ(interface_type("TTY.TTYUI"), "ttyui");
    EXPECT_EQ(interface_type("Noninteractive.Basic"), "basic");
    EXPECT_EQ(interface_type("Noninteractive.Quiet"), "quiet");
    EXPECT_EQ(interface_type("Machine.MachineUI"), "machineui");
    EXPECT_EQ(interface_type("Curses.Blinkenlights"), "blinkenlights");
    EXPECT_EQ(interface_type("Tk.Blinkenlights"), "tk");
    EXPECT_EQ(interface_type("Tk.VerboseUI"), "tk-verbose");
    EXPECT_EQ(interface_type("Tk.TkUI"), "tk-verbose");
    EXPECT_EQ(interface_type("nosuch"), "nosuch");
}

}  // namespace
}  // namespace offlineimap::core
