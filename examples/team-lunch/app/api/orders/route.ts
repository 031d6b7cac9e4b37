import { NextResponse } from 'next/server'
import { supabase } from '../../../lib/supabase'

export async function DELETE(request: Request) {
  const { id } = await request.json()
  const { error } = await supabase.from('orders').delete().eq('id', id)
  return NextResponse.json({ ok: !error })
}
