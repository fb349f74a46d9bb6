// A pre-order that was paid when it was made names the command that set its money aside, and ends once.

export const heldOrders = /* sql */ `
-- Null for what was ordered before orders were paid in advance.
alter table pre_order add column command integer references command(no);
create trigger pre_order_ends_once before update of state on pre_order
  when old.state <> 'ordered' and new.state <> old.state begin
  select raise(abort, 'an order ends once');
end;
create trigger pre_order_command_fixed before update of command on pre_order begin
  select raise(abort, 'an order keeps its command');
end;
`;
